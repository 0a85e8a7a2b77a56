package io.tocsin.detect.explain;

import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Activities;
import io.tocsin.detect.Activity;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Roles;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.TokenLabels;
import io.tocsin.detect.TraceFacts;
import io.tocsin.detect.evaluate.Calibration;
import io.tocsin.detect.evaluate.Remark;
import io.tocsin.detect.evaluate.Strength;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One transaction, understood as far as it can be.
 *
 * @param view what is known beside the verdicts; nothing of a transaction that failed or that is
 *     too large
 * @param remark why nothing was found; empty where something was
 */
public record Incident(
    TxTrace trace, ScanReport report, StateReads reads, Optional<View> view, String remark) {
  /** Accounts, flows and shapes. */
  public record View(
      TraceFacts facts, Roles roles, List<Activity> activities, TokenLabels labels, Names names) {
    public View {
      activities = List.copyOf(activities);
    }
  }

  /** Scans {@code trace} and works out the rest. */
  public static Incident of(Detectors detectors, TxTrace trace, StateReads reads, History history) {
    ScanReport report = detectors.scan(trace, reads, history);
    Optional<TraceFacts> facts = detectors.facts(trace, reads, history);
    Optional<View> view =
        facts.map(
            known -> {
              Roles roles = Roles.of(known, report);
              TokenLabels labels = TokenLabels.of(trace, reads);
              return new View(
                  known,
                  roles,
                  Activities.of(known, roles),
                  labels,
                  Names.of(trace, roles, labels));
            });
    return new Incident(trace, report, reads, view, Remark.of(facts, report));
  }

  /** The calibrated probability that it is an attack. */
  public double probability() {
    return Calibration.SHIPPED.probability(Strength.of(report));
  }

  /** What had to be assumed, the same only once. */
  public List<String> assumptions() {
    Set<String> all = new LinkedHashSet<>();
    report.findings().forEach(f -> all.addAll(f.why().assumptions()));
    view.ifPresent(
        _ ->
            all.add(
                "the sender's side is the sender, the contract entered, what these made, and"
                    + " accounts without code that they paid"));
    return List.copyOf(all);
  }

  /** What of this very source may make the answer wrong. */
  public List<String> gaps() {
    List<String> all = new ArrayList<>();
    if (!trace.hasLogs()) {
      all.add(
          "The source has no events: tokens are seen to move only where a call of a common token"
              + " function says so, at the amount that was asked for.");
    }
    if (reads.values().isEmpty() && reads.unanswered().isEmpty()) {
      all.add(
          "No state before the transaction was read: shares of balances come from answers in the"
              + " trace, or are not known.");
    } else if (!reads.unanswered().isEmpty()) {
      all.add(
          reads.unanswered().size()
              + " values of the state before were asked for and could not be read.");
    }
    all.add(
        "The probability holds in a mixture of recorded attacks and blocks; on a chain attacks are"
            + " far rarer.");
    return all;
  }

  /** What is known to make the detectors wrong that found something, or all of them if none did. */
  public List<Metadata> doubtful() {
    Set<String> found = new LinkedHashSet<>();
    report.findings().forEach(f -> found.addAll(f.detectors()));
    return Detectors.ALL.stream()
        .map(d -> d.metadata())
        .filter(m -> found.isEmpty() || found.contains(m.id()))
        .toList();
  }

  /** The verdict in a word or two. */
  public String verdict() {
    return switch (report.scan()) {
      case Scan.Found _ -> "Attack found";
      case Scan.NotAnalysed _ -> "Not analysed";
      case Scan.Clean _ -> trace.failed() ? "Failed transaction" : "Nothing found";
    };
  }
}
