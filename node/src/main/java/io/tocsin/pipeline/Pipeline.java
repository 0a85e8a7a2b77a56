package io.tocsin.pipeline;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Threads;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.TxTrace;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Report;
import io.tocsin.claim.ReportCodec;
import io.tocsin.claim.Reporter;
import io.tocsin.crypto.Verified;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Scan;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.Check;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.quorum.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Carries every message from hop to hop. Thread-safe: the attestation pool is owned by this object
 * and touched under its lock, everything else is immutable or thread-safe itself.
 */
public final class Pipeline implements AutoCloseable {
  private static final int REMEMBERED = 8_192;

  private final Eyes eyes;
  private final Town town;
  private final Defence defence;
  private final Records records;
  private final ExecutorService workers = Threads.virtual("pipeline");
  private final Withdrawals withdrawals;
  private final Judging judging;
  private final Set<Hash32> certified = new LinkedHashSet<>();

  /** A pipeline from these eyes, through this town, to this defence. */
  public Pipeline(Eyes eyes, Town town, Defence defence, Records records) {
    this.eyes = eyes;
    this.town = town;
    this.defence = defence;
    this.records = records;
    this.withdrawals = new Withdrawals(eyes.grounds());
    this.judging = new Judging(eyes, town, defence.stakes(), records, this::stand);
  }

  private record Underway(ChainEvent.Traced traced, Future<?> work) {}

  /**
   * Follows one chain until interrupted: scans every transaction, and acknowledges a block once all
   * its transactions were dealt with and that is on record. What fails is tried again; the chain
   * waits meanwhile.
   */
  public void follow(ChainPorts ports) throws InterruptedException {
    List<Underway> underway = new ArrayList<>();
    Insistence insistence = new Insistence(ports.source().chain(), records);
    ClockWatch clock = new ClockWatch(ports.source().chain(), records.clocks());
    while (true) {
      switch (ports.source().take()) {
        case ChainEvent.Traced traced ->
            underway.add(new Underway(traced, workers.submit(() -> onTraced(traced))));
        case ChainEvent.HeadAdvanced advanced -> {
          for (Underway one : underway) {
            finish(one, insistence);
          }
          underway.clear();
          insistence.on(
              "acknowledging block " + advanced.head().number(), () -> onHead(ports, advanced));
          clock.advanced(advanced.head()).ifPresent(this::onTrouble);
        }
        case ChainEvent.Reorged reorged -> {
          eyes.reorged(reorged);
          withdrawals.reorged(reorged, records.clock().instant());
          insistence.on("recording a reorganisation", () -> records.reorged(reorged));
        }
        case ChainEvent.Trouble trouble -> onTrouble(trouble);
      }
    }
  }

  private void onTrouble(ChainEvent.Trouble trouble) {
    records.log().guarded("recording trouble", () -> records.trouble(trouble)).run();
  }

  private void finish(Underway one, Insistence insistence) throws InterruptedException {
    try {
      one.work().get();
    } catch (ExecutionException e) {
      String what = "looking at transaction " + one.traced().trace().tx();
      records.log().failed(what, e);
      insistence.orRecord(what, () -> onTraced(one.traced()));
    }
  }

  private void onHead(ChainPorts ports, ChainEvent.HeadAdvanced advanced) {
    eyes.advanced(advanced.chain(), advanced.head());
    ports.source().processed(advanced.head());
    town.expire();
    defence.advanced(advanced.chain(), advanced.head());
    judging.moved(advanced.chain());
    recall(ports);
    records.observer().advanced(advanced);
  }

  /** Looks, apart from the flow, which claims this node stood for are void on this chain. */
  private void recall(ChainPorts ports) {
    ChainId chain = ports.source().chain();
    if (withdrawals.doubts(chain)) {
      workers.execute(
          records
              .log()
              .guarded(
                  "looking for claims to withdraw on " + chain,
                  () ->
                      withdrawals
                          .voided(chain, ports.canon(), records.clock().instant())
                          .forEach(this::recall)));
    }
  }

  /** Says that a claim is void; who trusts nobody else takes its own word for it. */
  private void recall(Withdrawals.Voided voided) {
    Report report = Reporter.allClear(voided.claim(), voided.block());
    Claim.AllClear clear = (Claim.AllClear) report.claim();
    if (!town.member()) {
      withdrawn(clear);
    } else if (!judging.knows(clear)) {
      Instant now = records.clock().instant();
      town.publish(ReportCodec.TOPIC, ReportCodec.encode(report, town.author(), now));
    }
  }

  private void withdrawn(Claim.AllClear clear) {
    eyes.grounds()
        .claim(clear.claimId())
        .ifPresent(claim -> records.reached(Stage.WITHDRAWN, claim));
    defence.withdrawn(clear);
  }

  private void onTraced(ChainEvent.Traced traced) {
    ChainId chain = traced.trace().chain();
    Hash32 tx = traced.trace().tx();
    records.timeline().seen(chain, tx, traced.seen());
    records.timeline().reached(Stage.SIMULATED, chain, tx);
    Eyes.Look look = eyes.look(traced);
    switch (look.report().scan()) {
      case Scan.Clean _ -> {}
      case Scan.NotAnalysed(String reason) -> {
        records.log().notAnalysed(traced.trace(), reason);
        records.scanned(look);
      }
      case Scan.Found(List<Finding> findings) -> {
        records.timeline().reached(Stage.DETECTED, chain, tx);
        judging.moved(chain);
        records.scanned(look);
        for (Finding finding : findings) {
          records.log().found(traced.trace(), finding);
          records.observer().found(traced, finding);
        }
        claim(look);
      }
    }
  }

  private void claim(Eyes.Look look) {
    switch (look.traced().agreement()) {
      case Agreement.Lacking(String reason) -> records.log().noAgreement(look.trace(), reason);
      case Agreement.Agreed _ -> {
        eyes.tryAhead(look);
        Map<Address, Hash32> codes = eyes.victims(look);
        for (Finding finding : look.report().findings()) {
          if (!codes.containsKey(finding.subject())) {
            records.log().codeUnread(finding.subject());
          }
        }
        Reporter.write(look.trace(), look.report(), look.reads(), codes)
            .forEach(report -> sighted(look.trace(), report));
      }
    }
  }

  private void sighted(TxTrace trace, Report report) {
    Claim claim = report.claim();
    records.observer().claimed(claim);
    stand(claim);
    workers.execute(records.log().guarded("self-defence", () -> defence.sighted(claim)));
    if (town.member()) {
      Instant now = records.clock().instant();
      // The verdict waits for the disk, and takes the report with it.
      town.post(ReportCodec.TOPIC, ReportCodec.encode(report, town.author(), now));
      judging.enter(claim, town.self());
      records.timeline().reached(Stage.SIGNED, trace.chain(), trace.tx());
      records.reported(claim, trace);
    }
  }

  /**
   * Takes up what was admitted before a restart, so that nothing accepted is lost: everything is
   * counted again, and what this member has not attested to is judged again.
   */
  public void restore(
      List<Verified<Report>> reports,
      List<Verified<Attestation>> attestations,
      List<Verified<Bytes>> certificates) {
    reports.forEach(report -> eyes.grounds().know(report.value().claim()));
    withdrawals.resume(reports, attestations, town.self(), records.clock().instant());
    reports.forEach(report -> tallied(town.know(report.value().claim())));
    attestations.forEach(attestation -> tallied(town.add(attestation)));
    certificates.forEach(
        certificate -> {
          Check _ = take(certificate);
        });
    Set<Hash32> attested =
        attestations.stream()
            .filter(attestation -> attestation.author().equals(town.self()))
            .map(attestation -> attestation.value().claimId())
            .collect(Collectors.toSet());
    for (Verified<Report> report : reports) {
      if (!attested.contains(report.value().claim().id())) {
        judging.enter(report.value().claim(), report.author());
      }
    }
  }

  /** This node found or confirmed it. */
  private void stand(Claim claim) {
    eyes.grounds().know(claim);
    withdrawals.stand(claim);
  }

  /** A report came through the door, our own included. */
  public void onReport(Verified<Report> report) {
    Claim claim = report.value().claim();
    records.admitted(report.envelope());
    records.reached(Stage.ADMITTED, claim);
    records.observer().claimed(claim);
    eyes.grounds().know(claim);
    tallied(town.know(claim));
    judging.enter(claim, report.author());
  }

  /** An attestation came through the door, our own included. */
  public void onAttestation(Verified<Attestation> attestation) {
    records.admitted(attestation.envelope());
    Tally tally = town.add(attestation);
    tallied(tally);
    if (tally instanceof Tally.Refused(Tally.RefusalReason reason)
        && reason == Tally.RefusalReason.SIGNATURE) {
      town.blame(attestation.author());
    }
  }

  private void tallied(Tally tally) {
    switch (tally) {
      case Tally.Reached(QuorumCertificate certificate) -> {
        if (certified(certificate)) {
          town.post(Committee.TOPIC, certificate.encode());
        }
      }
      case Tally.Conflict(var evidence) -> {
        records.equivocated(evidence);
      }
      case Tally.Refused(var reason) -> records.count("tocsin_attestations_total", reason.name());
      case Tally.Pending _, Tally.Duplicate _, Tally.Buffered _ -> {}
    }
  }

  /** A member signed two messages under one sequence; both are kept. */
  public void onDoubled(Address member, long sequence) {
    records.doubled(member, sequence);
  }

  /** A member's audit log is another than it said, or shorter; both of its messages are kept. */
  public void onRewritten(Address member, String detail) {
    records.rewritten(member, detail);
  }

  /** A certificate came through the door; it is checked in full before anything follows. */
  public void onCertificate(Verified<Bytes> message) {
    records.admitted(message.envelope());
    if (take(message) instanceof Check.Invalid(Check.Flaw flaw, String _) && flaw.blames()) {
      town.blame(message.author());
    }
  }

  private Check take(Verified<Bytes> message) {
    Check check = town.verify(message.value());
    switch (check) {
      case Check.Valid(QuorumCertificate certificate) -> {
        town.settle(certificate);
        certified(certificate);
      }
      case Check.Invalid(Check.Flaw flaw, String detail) -> {
        records.count("tocsin_certificates_refused_total", flaw.name());
        records.log().badCertificate(message.author(), flaw + ", " + detail);
      }
    }
    return check;
  }

  private boolean certified(QuorumCertificate certificate) {
    if (!remember(certified, certificate.claim().id())) {
      return false;
    }
    records.log().certified(certificate);
    records.certified(certificate);
    records.reached(Stage.CERTIFIED, certificate.claim());
    records.observer().certified(certificate);
    eyes.grounds().know(certificate.claim());
    workers.execute(records.log().guarded("defence", () -> follow(certificate)));
    return true;
  }

  /** An all-clear leads to no decision. */
  private void follow(QuorumCertificate certificate) {
    switch (certificate.claim()) {
      case Claim.AllClear clear -> withdrawn(clear);
      case Claim.ExploitMined _, Claim.ExploitPending _, Claim.RosterChanged _ ->
          defence.certified(certificate);
    }
  }

  private static boolean remember(Set<Hash32> known, Hash32 id) {
    synchronized (known) {
      if (!known.add(id)) {
        return false;
      }
      if (known.size() > REMEMBERED) {
        known.remove(known.iterator().next());
      }
      return true;
    }
  }

  /** Stops all work under way; what was not finished comes again after a restart. */
  @Override
  public void close() {
    judging.close();
    workers.shutdownNow();
  }
}
