package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.rules.AllowanceDrain;
import io.tocsin.detect.rules.DepositLoop;
import io.tocsin.detect.rules.DrainedPool;
import io.tocsin.detect.rules.EmptiedLenders;
import io.tocsin.detect.rules.Governance;
import io.tocsin.detect.rules.LiquidityRemoval;
import io.tocsin.detect.rules.LopsidedExchange;
import io.tocsin.detect.rules.PermitReplay;
import io.tocsin.detect.rules.PriceDislocation;
import io.tocsin.detect.rules.PrivilegedCall;
import io.tocsin.detect.rules.Reentrancy;
import io.tocsin.detect.rules.SharedReentrancy;
import io.tocsin.detect.rules.ValueConservation;
import io.tocsin.detect.rules.WithdrawalVelocity;
import io.tocsin.detect.rules.WrappedAmount;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All detectors with one set of thresholds; scanning is pure. */
public final class Detectors {
  /** Every detector that ships, in the order of their answers. */
  public static final List<Detector> ALL =
      List.of(
          new ValueConservation(),
          new Reentrancy(),
          new PriceDislocation(),
          new DrainedPool(),
          new PrivilegedCall(),
          new EmptiedLenders(),
          new LopsidedExchange(),
          new SharedReentrancy(),
          new WrappedAmount(),
          new DepositLoop(),
          new AllowanceDrain(),
          new Governance(),
          new PermitReplay(),
          new WithdrawalVelocity(),
          new LiquidityRemoval());

  private final DetectConfig config;
  private final List<Detector> detectors;

  /** All detectors with these thresholds. */
  public Detectors(DetectConfig config) {
    this(config, ALL);
  }

  Detectors(DetectConfig config, List<Detector> detectors) {
    this.config = config;
    this.detectors = List.copyOf(detectors);
  }

  /**
   * What a scan of {@code trace} wants to know of the state at the parent block, at most {@link
   * DetectConfig#maxQueries}: the balances of accounts that lost something, and the prices of
   * pools, if the sender's side gained or borrowed anything or somebody was underpaid, and what
   * single detectors ask for.
   */
  public List<StateQuery> queries(TxTrace trace) {
    if (refusal(trace).isPresent() || trace.failed()) {
      return List.of();
    }
    TraceFacts facts = new TraceFacts(trace, StateReads.NONE, History.NONE, config);
    return queries(facts).stream().limit(config.maxQueries()).toList();
  }

  private Set<StateQuery> queries(TraceFacts facts) {
    Set<StateQuery> all = new LinkedHashSet<>();
    if (!facts.gains().isEmpty() || facts.borrowed() || underpaid(facts)) {
      for (Address account : facts.losers()) {
        for (Asset asset : facts.losses(account).keySet()) {
          all.add(Balances.query(account, asset));
        }
      }
      all.addAll(PriceSources.queries(facts.trace()));
    }
    detectors.forEach(d -> all.addAll(d.queries(facts)));
    return all;
  }

  private static boolean underpaid(TraceFacts facts) {
    return facts.losers().stream()
        .anyMatch(a -> facts.losses(a).keySet().stream().anyMatch(x -> facts.underpaid(a, x)));
  }

  /** Every account that a trace touches: called, calling, made, paid, or party to a transfer. */
  public static Set<Address> touched(TxTrace trace) {
    Set<Address> all = new LinkedHashSet<>(trace.accounts());
    for (Flow flow : Movements.of(trace)) {
      all.add(flow.from());
      all.add(flow.to());
    }
    all.remove(Address.ZERO);
    return all;
  }

  /** What all detectors are told of a transaction; nothing of one that is refused or failed. */
  public Optional<TraceFacts> facts(TxTrace trace, StateReads reads, History history) {
    return refusal(trace).isPresent() || trace.failed()
        ? Optional.empty()
        : Optional.of(new TraceFacts(trace, reads, history, config));
  }

  /** Scans one transaction. A failed one moved nothing and is clean. */
  public ScanReport scan(TxTrace trace, StateReads reads, History history) {
    Optional<String> refusal = refusal(trace);
    if (refusal.isPresent() || trace.failed()) {
      Scan same = refusal.<Scan>map(Scan.NotAnalysed::new).orElseGet(Scan.Clean::new);
      return new ScanReport(
          same, detectors.stream().map(d -> new DetectorResult(d.metadata().id(), same)).toList());
    }
    TraceFacts facts = new TraceFacts(trace, reads, history, config);
    List<DetectorResult> results = new ArrayList<>();
    for (Detector detector : detectors) {
      Scan scan = detector.scan(facts);
      Scan sure = detector.needsState() && scan instanceof Scan.Clean ? unread(facts, reads) : scan;
      results.add(new DetectorResult(detector.metadata().id(), sure));
    }
    ScanReport report = new ScanReport(together(results), results);
    return new ScanReport(report.scan(), results, Sign.of(facts, report.findings()));
  }

  /** Clean, unless state was asked for and some of it is missing. */
  private Scan unread(TraceFacts facts, StateReads reads) {
    if (reads.equals(StateReads.NONE)) {
      return new Scan.Clean();
    }
    int wanted = queries(facts).size();
    if (wanted > config.maxQueries()) {
      return new Scan.NotAnalysed(
          "it takes "
              + wanted
              + " values of the state before, and at most "
              + config.maxQueries()
              + " are read");
    }
    return reads.unanswered().isEmpty()
        ? new Scan.Clean()
        : new Scan.NotAnalysed(
            reads.unanswered().size()
                + " of "
                + wanted
                + " values of the state before could not be read");
  }

  private Optional<String> refusal(TxTrace trace) {
    if (trace.frames().size() > config.maxFrames()) {
      return Optional.of("more than " + config.maxFrames() + " frames");
    }
    return trace.frames().stream().anyMatch(Movements::cut)
        ? Optional.of("the source cut call data that is needed")
        : Optional.empty();
  }

  private static Scan together(List<DetectorResult> results) {
    Map<Address, Finding> bySubject = new LinkedHashMap<>();
    Optional<Scan> unjudged = Optional.empty();
    for (DetectorResult result : results) {
      switch (result.scan()) {
        case Scan.Clean _ -> {}
        case Scan.Found found ->
            found.findings().forEach(f -> bySubject.merge(f.subject(), f, Detectors::merge));
        case Scan.NotAnalysed not ->
            unjudged =
                unjudged.or(
                    () ->
                        Optional.of(new Scan.NotAnalysed(result.detector() + ": " + not.reason())));
      }
    }
    if (!bySubject.isEmpty()) {
      return new Scan.Found(List.copyOf(bySubject.values()));
    }
    return unjudged.orElseGet(Scan.Clean::new);
  }

  private static Finding merge(Finding a, Finding b) {
    Severity severity = a.severity().compareTo(b.severity()) >= 0 ? a.severity() : b.severity();
    Explanation x = a.why();
    Explanation y = b.why();
    return new Finding(
        union(a.detectors(), b.detectors()),
        severity,
        a.subject(),
        losses(a.losses(), b.losses()),
        new Explanation(
            x.summary() + " " + y.summary(),
            union(x.frames(), y.frames()).stream().sorted().toList(),
            union(x.flows(), y.flows()),
            union(x.assumptions(), y.assumptions())));
  }

  private static <T> List<T> union(List<T> a, List<T> b) {
    Set<T> all = new LinkedHashSet<>(a);
    all.addAll(b);
    return List.copyOf(all);
  }

  private static List<Loss> losses(List<Loss> a, List<Loss> b) {
    Map<Asset, Loss> worst = new LinkedHashMap<>();
    a.forEach(l -> worst.put(l.asset(), l));
    b.forEach(
        l ->
            worst.merge(
                l.asset(),
                l,
                (x, y) ->
                    new Loss(
                        x.asset(),
                        max(x.amount(), y.amount()),
                        Math.max(x.shareOfBalance(), y.shareOfBalance()))));
    return List.copyOf(worst.values());
  }

  private static BigInteger max(BigInteger a, BigInteger b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
