package io.tocsin.pipeline;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.PendingTrials.Trial;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceSource;
import io.tocsin.chain.TxTrace;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Reporter;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.Sightings;
import io.tocsin.exposure.Inquiry;
import io.tocsin.exposure.OwnEvidence;
import io.tocsin.exposure.Sight;
import io.tocsin.quorum.OwnView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * What this node sees for itself: its own scans, kept or made again by re-executing the claimed
 * transaction. Nothing that a peer says enters. Thread-safe; keeps the last 256 looks that found
 * something.
 */
public final class Eyes {
  /** Accounts whose code is read ahead; a trace with more of them asks for the rest when needed. */
  private static final int AHEAD = 64;

  private static final Duration AGAIN = Duration.ofMillis(25);

  private final Map<ChainId, ChainPorts> chains;
  private final CodeMemo codes;
  private final StateMemo states;
  private final TrialMemo trials = new TrialMemo();
  private final Detectors detectors;
  private final ExecutorService cpu;
  private final Sightings sightings;
  private final InstantSource clock;
  private final Map<ChainId, BlockRef> heads = new ConcurrentHashMap<>();
  private final Looks looks = new Looks();
  private final Grounds grounds = new Grounds();

  /**
   * Eyes on these chains.
   *
   * @param cpu where detectors run
   */
  public Eyes(
      Map<ChainId, ChainPorts> chains,
      Detectors detectors,
      ExecutorService cpu,
      Sightings sightings,
      InstantSource clock) {
    this.chains = Map.copyOf(chains);
    this.codes = new CodeMemo(this.chains);
    this.states = new StateMemo(this.chains);
    this.detectors = detectors;
    this.cpu = cpu;
    this.sightings = sightings;
    this.clock = clock;
  }

  /**
   * A transaction and what the detectors said of it.
   *
   * @param reads the state values the detectors used
   * @param base the block whose state the transaction ran on; empty where unknown
   */
  public record Look(Traced traced, ScanReport report, StateReads reads, Optional<Hash32> base) {
    TxTrace trace() {
      return traced.trace();
    }

    boolean agreed() {
      return traced.agreement().agreed();
    }
  }

  /** The blocks that claims rest on. */
  Grounds grounds() {
    return grounds;
  }

  /** What {@code queries} read on the newest block of {@code chain} that was dealt with. */
  StateReads read(ChainId chain, List<StateQuery> queries) {
    Optional<BlockRef> head = head(chain);
    return head.map(h -> states.read(chain, queries, h.hash())).orElse(StateReads.NONE);
  }

  /** How this node reaches {@code chain}. */
  Optional<ChainPorts> ports(ChainId chain) {
    return Optional.ofNullable(chains.get(chain));
  }

  /** The newest block of {@code chain} that was dealt with. */
  Optional<BlockRef> head(ChainId chain) {
    return Optional.ofNullable(heads.get(chain));
  }

  void advanced(ChainId chain, BlockRef head) {
    heads.put(chain, head);
    looks.advanced(head);
  }

  /** Blocks left the chain: what was seen in them must be seen again to count. */
  void reorged(ChainEvent.Reorged reorged) {
    heads.put(reorged.chain(), reorged.head());
    looks.reorged(reorged);
    reorged.removed().forEach(block -> grounds.saw(block.hash(), block.number()));
  }

  /** Scans a transaction, on the state before it, and keeps what was found. */
  Look look(Traced traced) {
    Look look = glance(traced);
    sightings.record(look.trace(), look.report());
    if (!look.report().findings().isEmpty()) {
      looks.keep(look);
      if (look.agreed() && look.trace().position() instanceof Position.Mined(BlockRef block, _)) {
        grounds.saw(block.hash(), block.number());
      }
      prepare(look);
    }
    return look;
  }

  /** Begins to try out what is pending in {@code look}, for the verdict that will want it. */
  void tryAhead(Look look) {
    Optional<BlockRef> head = head(look.trace().chain());
    if (look.agreed() && head.isPresent() && look.trace().position() instanceof Position.Pending) {
      ports(look.trace().chain())
          .ifPresent(p -> trials.begin(p.trials(), look.trace().tx(), head.get().hash()));
    }
  }

  private Look glance(Traced traced) {
    TxTrace trace = traced.trace();
    Optional<Hash32> base =
        switch (trace.position()) {
          case Position.Mined(_, Hash32 parent) -> Optional.of(parent);
          case Position.Pending(BlockRef head, _) -> Optional.of(head.hash());
          case Position.Unknown _ -> Optional.empty();
        };
    List<StateQuery> queries = detectors.queries(trace);
    StateReads reads =
        base.map(b -> states.read(trace.chain(), queries, b)).orElse(StateReads.NONE);
    return new Look(traced, scan(trace, reads), reads, base);
  }

  private ScanReport scan(TxTrace trace, StateReads reads) {
    try {
      return cpu.submit(() -> detectors.scan(trace, reads, sightings.history(trace))).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    } catch (ExecutionException e) {
      return failed("a detector failed: " + e.getCause());
    }
  }

  private static ScanReport failed(String reason) {
    return new ScanReport(new Scan.NotAnalysed(reason), List.of());
  }

  /**
   * The normalised code of each victim, behind proxies, before the transaction, where it was read.
   */
  Map<Address, Hash32> victims(Look look) {
    Map<Address, Hash32> hashes = new HashMap<>();
    for (Finding finding : look.report().findings()) {
      fingerprint(look, finding.subject())
          .ifPresent(code -> hashes.put(finding.subject(), code.normalised()));
    }
    return hashes;
  }

  private Optional<CodeFingerprint> fingerprint(Look look, Address account) {
    return look.base().flatMap(base -> codes.of(look.trace().chain(), account, base));
  }

  /** Reads ahead what the claims, verdicts and decisions that follow will ask for. */
  private void prepare(Look look) {
    ChainId chain = look.trace().chain();
    Set<Address> wanted = new LinkedHashSet<>();
    for (Finding finding : look.report().findings()) {
      wanted.add(finding.subject());
      Sight sight = Sight.of(look.report().scan(), chain, finding.subject());
      wanted.addAll(Inquiry.of(look.trace(), finding.subject(), sight).accounts());
    }
    List<Address> first = wanted.stream().limit(AHEAD).toList();
    look.base().ifPresent(base -> codes.ahead(chain, first, base));
  }

  /** Whether an own look found the victim that {@code claim} names; asks nobody. */
  boolean sees(Claim claim) {
    Optional<Look> look =
        switch (claim) {
          case Claim.ExploitMined mined -> looks.mined(mined.tx());
          case Claim.ExploitPending pending -> sight(pending);
          case Claim.AllClear _, Claim.RosterChanged _ -> Optional.empty();
        };
    return look.isPresent()
        && claim
            .about()
            .filter(
                subject ->
                    look.get().report().findings().stream()
                        .anyMatch(finding -> finding.subject().equals(subject.address())))
            .isPresent();
  }

  /** What this node itself knows about the subject of {@code claim}. */
  OwnView view(Claim claim) {
    return switch (claim) {
      case Claim.ExploitMined mined ->
          ports(mined.chain()).map(ports -> view(mined, ports)).orElseGet(OwnView.Unwatched::new);
      case Claim.ExploitPending pending ->
          ports(pending.chain())
              .map(ports -> view(pending, ports))
              .orElseGet(OwnView.Unwatched::new);
      case Claim.AllClear clear ->
          ports(clear.chain())
              .map(ports -> grounds.view(clear, ports.canon(), clock.instant()))
              .orElseGet(OwnView.Unwatched::new);
      case Claim.RosterChanged _ -> new OwnView.Unwatched();
    };
  }

  private OwnView view(Claim.ExploitMined claim, ChainPorts ports) {
    Optional<Look> kept = looks.mined(claim.tx());
    if (kept.isPresent()) {
      return mined(kept.get());
    }
    Optional<BlockRef> head = head(claim.chain());
    if (head.isEmpty() || head.get().time().isBefore(claim.block().time())) {
      return behind();
    }
    return switch (ports.source().trace(claim.tx())) {
      case TraceSource.Answer.Found(Traced traced) ->
          traced.trace().position() instanceof Position.Mined ? mined(look(traced)) : behind();
      case TraceSource.Answer.Absent _ -> new OwnView.Absent(true, head.get().time());
      case TraceSource.Answer.Unavailable(String reason) -> new OwnView.Unavailable(reason);
    };
  }

  private OwnView mined(Look look) {
    return OwnView.mined(look.trace(), look.traced().agreement(), harm(look));
  }

  /**
   * Tries the transaction on the head as it is and under changed surroundings. The sight that the
   * claim names is the one judged where this node has it.
   */
  private OwnView view(Claim.ExploitPending claim, ChainPorts ports) {
    Optional<BlockRef> head = head(claim.chain());
    if (head.isEmpty() || head.get().time().isBefore(claim.head().time())) {
      return behind();
    }
    return switch (trials.trial(ports.trials(), claim.tx(), head.get().hash())) {
      case Trial.Unavailable(String reason) -> new OwnView.Unavailable(reason);
      case Trial.NotIncludable _ ->
          sight(claim)
              .map(look -> pending(look, false, false))
              .orElseGet(() -> new OwnView.Absent(true, head.get().time()));
      case Trial.Includable(Traced plain, List<Traced> changed) -> {
        Look look = sight(claim).filter(Look::agreed).orElseGet(() -> look(plain));
        yield pending(
            look,
            true,
            changed.stream().allMatch(run -> harms(glance(run), claim.subject().address())));
      }
    };
  }

  private Optional<Look> sight(Claim.ExploitPending claim) {
    return looks
        .of(claim.tx())
        .filter(
            look ->
                look.trace().position() instanceof Position.Pending(BlockRef on, _)
                    && on.hash().equals(claim.head().hash()));
  }

  private static boolean harms(Look look, Address subject) {
    return !look.trace().failed()
        && look.agreed()
        && look.report().findings().stream().anyMatch(finding -> finding.subject().equals(subject));
  }

  private OwnView pending(Look look, boolean includable, boolean robust) {
    TxTrace trace = look.trace();
    return switch (trace.position()) {
      case Position.Pending(BlockRef head, long nonce) ->
          new OwnView.Pending(
              new Claim.Turn(trace.sender(), nonce),
              Reporter.stamp(head),
              new OwnView.Simulation(look.agreed(), includable, robust, trace.failed()),
              harm(look));
      case Position.Mined _, Position.Unknown _ ->
          new OwnView.Unavailable("the trace of " + trace.tx() + " is not of a simulation");
    };
  }

  private OwnView behind() {
    return new OwnView.Behind(clock.instant().plus(AGAIN));
  }

  private OwnView.Harm harm(Look look) {
    return OwnView.Harm.of(look.trace(), look.report(), victims(look));
  }

  /**
   * What this node read itself about the transaction and subject of {@code claim}.
   *
   * @param ages the ages that a subject may have to have, the longest first
   */
  OwnEvidence evidence(Claim claim, List<Duration> ages) {
    Optional<Look> look =
        switch (claim) {
          case Claim.ExploitMined mined -> looks.mined(mined.tx()).or(() -> traced(mined));
          case Claim.ExploitPending pending ->
              sight(pending).or(() -> looks.of(pending.tx())).or(() -> tried(pending));
          case Claim.AllClear _, Claim.RosterChanged _ -> Optional.empty();
        };
    if (look.isEmpty() || claim.about().isEmpty()) {
      return OwnEvidence.none("this node has not seen the transaction");
    }
    return evidence(look.get(), claim.about().get().address(), ages);
  }

  private Optional<Look> traced(Claim.ExploitMined claim) {
    return ports(claim.chain())
        .map(ports -> ports.source().trace(claim.tx()))
        .flatMap(
            answer ->
                answer instanceof TraceSource.Answer.Found(Traced traced)
                    ? Optional.of(look(traced))
                    : Optional.empty());
  }

  private Optional<Look> tried(Claim.ExploitPending claim) {
    return ports(claim.chain())
        .map(ports -> ports.trials().trial(claim.tx()))
        .flatMap(
            trial ->
                trial instanceof Trial.Includable(Traced plain, _)
                    ? Optional.of(look(plain))
                    : Optional.empty());
  }

  private OwnEvidence evidence(Look look, Address subject, List<Duration> ages) {
    ChainId chain = look.trace().chain();
    Sight sight = Sight.of(look.report().scan(), chain, subject);
    Inquiry inquiry = Inquiry.of(look.trace(), subject, sight);
    Map<Address, CodeFingerprint> known = new HashMap<>();
    for (Address account : inquiry.accounts()) {
      fingerprint(look, account).ifPresent(code -> known.put(account, code));
    }
    return inquiry.evidence(look.traced().agreement(), known, knownSince(look, subject, ages));
  }

  private Optional<Instant> knownSince(Look look, Address subject, List<Duration> ages) {
    Optional<ChainPorts> ports = ports(look.trace().chain());
    Optional<Instant> time =
        switch (look.trace().position()) {
          case Position.Mined(BlockRef block, _) -> Optional.of(block.time());
          case Position.Pending(BlockRef head, _) -> Optional.of(head.time());
          case Position.Unknown _ -> Optional.empty();
        };
    if (ports.isEmpty() || time.isEmpty()) {
      return Optional.empty();
    }
    for (Duration age : ages) {
      Optional<Instant> since = ports.get().age().knownSince(subject, time.get().minus(age));
      if (since.isPresent()) {
        return since;
      }
    }
    return Optional.empty();
  }
}
