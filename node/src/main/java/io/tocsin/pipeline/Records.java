package io.tocsin.pipeline;

import io.tocsin.audit.AuditLog;
import io.tocsin.audit.Recording;
import io.tocsin.audit.Step;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.TxTrace;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Envelope;
import io.tocsin.exposure.Exposure;
import io.tocsin.identity.Endorsement;
import io.tocsin.policy.Action;
import io.tocsin.policy.Case;
import io.tocsin.policy.Decision;
import io.tocsin.quorum.Equivocation;
import io.tocsin.quorum.Opinion;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import io.tocsin.risk.RiskEstimate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * Where the flow leaves its traces: the audit log, the timeline, the operator's log, an observer.
 */
public final class Records {
  private static final String VERSION = "0.1.0";

  private final String name;
  private final AuditLog audit;
  private final Pager pager;
  private final Metrics metrics;
  private final Observer observer;
  private final Clocks clocks;
  private final Timeline timeline;
  private final PipelineLog log;
  private final Set<String> quiet = ConcurrentHashMap.newKeySet();

  /**
   * Records of the node called {@code name}.
   *
   * @param observer is told of everything after it is on record
   */
  public Records(
      String name, AuditLog audit, Metrics metrics, Observer observer, Pager pager, Clocks clocks) {
    this.name = name;
    this.pager = pager;
    this.audit = audit;
    this.metrics = metrics;
    this.observer = observer;
    this.clocks = clocks;
    this.timeline = new Timeline(metrics, observer, clocks.steady());
    this.log = new PipelineLog(name, metrics);
  }

  AuditLog audit() {
    return audit;
  }

  Observer observer() {
    return observer;
  }

  /** The time that goes on record. */
  public InstantSource clock() {
    return clocks.wall();
  }

  Clocks clocks() {
    return clocks;
  }

  Timeline timeline() {
    return timeline;
  }

  PipelineLog log() {
    return log;
  }

  void count(String name, String reason) {
    metrics.count(name, reason);
  }

  void gauge(String name, double value) {
    metrics.gauge(name, "", value);
  }

  /** Marks a stage for the transaction that {@code claim} is about. */
  void reached(Stage stage, Claim claim) {
    switch (claim) {
      case Claim.ExploitMined mined -> timeline.reached(stage, mined.chain(), mined.tx());
      case Claim.ExploitPending pending -> timeline.reached(stage, pending.chain(), pending.tx());
      case Claim.AllClear _, Claim.RosterChanged _ -> {}
    }
  }

  void scanned(Eyes.Look look) {
    audit.append(Steps.seen(look));
    audit.append(Steps.scanned(look));
  }

  void reported(Claim claim, TxTrace trace) {
    claim
        .about()
        .ifPresent(
            subject ->
                audit.append(
                    new Step.Reported(
                        claim.id(),
                        claim.kind().text(),
                        trace.chain(),
                        trace.tx(),
                        subject.address())));
  }

  void admitted(Envelope envelope) {
    audit.append(
        new Step.Admitted(envelope.topic(), envelope.author(), envelope.sequence(), envelope.id()));
  }

  void trouble(ChainEvent.Trouble trouble) {
    log.trouble(trouble);
    observer.trouble(trouble);
    audit.append(new Step.Trouble(trouble.endpoint(), trouble.kind().name(), trouble.detail()));
    String place = trouble.chain() + ", endpoint " + trouble.endpoint();
    if (trouble.kind() == ChainEvent.TroubleKind.CLOCK) {
      call(Pager.Why.CLOCK, trouble.chain() + ": " + trouble.detail());
    } else if (trouble.kind().blinds() && quiet.add(place)) {
      call(Pager.Why.QUIET, place + ": " + trouble.kind() + ", " + trouble.detail());
    } else if (trouble.kind() == ChainEvent.TroubleKind.RECOVERED && quiet.remove(place)) {
      call(Pager.Why.QUIET, place + " is back: " + trouble.detail());
    } else if (trouble.kind() == ChainEvent.TroubleKind.PENDING_SILENT
        || trouble.kind() == ChainEvent.TroubleKind.PENDING_BACK) {
      call(Pager.Why.QUIET, place + ": " + trouble.detail());
    }
  }

  void reorged(ChainEvent.Reorged reorged) {
    log.reorged(reorged);
    audit.append(
        new Step.Reorged(
            reorged.chain(),
            reorged.removed().stream().map(BlockRef::hash).toList(),
            reorged.head().hash()));
  }

  void equivocated(Equivocation evidence) {
    log.equivocated(evidence.member(), evidence.claimId());
    observer.equivocated(evidence);
    call(
        Pager.Why.EQUIVOCATION,
        "member " + evidence.member() + " contradicts itself on claim " + evidence.claimId());
  }

  void doubled(Address member, long sequence) {
    observer.doubled(member, sequence);
    call(
        Pager.Why.EQUIVOCATION,
        "member " + member + " signed two messages under sequence " + sequence);
  }

  void rewritten(Address member, String detail) {
    String text = "member " + member + " has changed its past: " + detail;
    log.rewritten(text);
    audit.append(new Step.Trouble("member " + member, "REWRITTEN", detail));
    call(Pager.Why.EQUIVOCATION, text);
  }

  void judged(Claim claim, Opinion opinion) {
    audit.append(Steps.judged(claim, opinion));
  }

  void certified(QuorumCertificate certificate) {
    audit.append(
        new Step.Certified(
            certificate.claim().id(),
            certificate.epoch(),
            certificate.endorsements().stream().map(Endorsement::signer).toList(),
            certificate.encode()));
  }

  void exposed(Claim claim, Exposure exposure) {
    List<String> failed =
        exposure instanceof Exposure.Derived derived
            ? derived.rules().stream()
                .filter(result -> !result.holds())
                .map(result -> result.rule().text())
                .toList()
            : List.of();
    audit.append(
        new Step.Exposed(
            claim.id(),
            exposure.protectedContract(),
            exposure.kind(),
            List.of(exposure.path()),
            failed));
  }

  void estimated(Claim claim, Exposure exposure, RiskEstimate estimate) {
    audit.append(Steps.estimated(claim, exposure, estimate));
  }

  void decided(Case asked, Decision decision) {
    waits(asked.protection().interest().name(), decision);
    Claim claim = asked.occasion().alarm().claim();
    audit.append(
        new Step.Decided(
            claim.id(), asked.mandate().name(), Recording.of(asked), Recording.of(decision)));
    reached(Stage.DECIDED, claim);
    log.decided(asked, decision);
    observer.decided(asked, decision);
  }

  /** No mandate serves what happened; {@code decision} says what stopped it. */
  void unserved(Recording.Unserved inputs, Decision decision) {
    String name = inputs.protection().interest().name();
    audit.append(
        new Step.Unserved(
            inputs.occasion().alarm().claim().id(),
            inputs.protection().interest().account(),
            Recording.of(inputs),
            Recording.of(decision)));
    log.decided(name, decision);
    waits(name, decision);
  }

  private void waits(String protocol, Decision decision) {
    if (decision instanceof Decision.Alert(var reason, String detail, boolean hold) && hold) {
      waits(protocol, reason.rule() + ", " + detail);
    }
  }

  private void waits(String protocol, String why) {
    call(Pager.Why.WAITS, protocol + ": nothing is done until a person decides: " + why);
  }

  void ruled(Case asked, InterlockState before, Action action, Instant now, Ruling ruling) {
    Claim claim = asked.occasion().alarm().claim();
    audit.append(
        new Step.Ruled(
            claim.id(),
            asked.mandate().name(),
            Recording.of(new Recording.RulingInputs(before, action, now)),
            Recording.of(ruling)));
    if (ruling instanceof Ruling.Held held) {
      log.held(asked, held);
      if (held.reason().waitsForHuman()) {
        waits(asked.protection().interest().name(), held.detail());
      }
    }
    observer.ruled(asked, ruling);
  }

  void intended(Permit permit) {
    Action action = permit.action();
    audit.append(
        new Step.Intended(
            permit.digest(),
            action.trigger().claim().id(),
            action.guardian(),
            Recording.of(action)));
  }

  void acted(Permit permit, Outcome outcome) {
    audit.append(Recording.acted(permit, outcome));
    Claim claim = permit.action().trigger().claim();
    String target = permit.action().target().toString();
    switch (outcome) {
      case Outcome.Done(var receipt) -> {
        if (receipt.effect() == Outcome.Effect.PAUSED) {
          reached(Stage.INCLUDED, claim);
        }
        call(
            Pager.Why.PAUSED,
            target
                + " is paused: "
                + permit.action().why()
                + "; any account may release it "
                + permit.action().mandate().limits().duration()
                + " after "
                + receipt.blockTime()
                + " unless you ratify or hold it");
      }
      case Outcome.Refused(var reason, String detail) ->
          call(Pager.Why.PAUSE_FAILED, target + " could not be paused: " + reason + ", " + detail);
      case Outcome.Unknown(String detail) ->
          call(
              Pager.Why.PAUSE_FAILED,
              "whether " + target + " is paused is not known yet: " + detail);
    }
    log.acted(permit, outcome);
    observer.acted(permit, outcome);
  }

  void ordered(String order, String subject, String note) {
    audit.append(new Step.Ordered(order, subject, note));
    log.ordered(order, subject, note);
  }

  /** A claim is withdrawn; what was done because of it and is in force waits for its owner. */
  void withdrawn(Claim.AllClear clear, List<InterlockState.Trip> resting) {
    audit.append(Steps.withdrawn(clear, resting));
    log.withdrawn(clear);
    for (InterlockState.Trip trip : resting) {
      String text = PipelineLog.resting(clear, trip);
      log.resting(text);
      call(Pager.Why.WITHDRAWN, text);
    }
    observer.withdrawn(clear);
  }

  /** The owner made a pause of this node his own. */
  void ratified(InterlockState.Trip trip) {
    audit.append(new Step.Ratified(trip.permit()));
    log.ratified(trip.pulled().target());
  }

  /** A pause that this node made stands no more. */
  void released(AccountId target) {
    log.released(target);
  }

  /** A pause that this node made ends soon. */
  void ending(InterlockState.Trip trip, Instant until) {
    AccountId target = trip.pulled().target();
    log.ending(target, until);
    call(
        Pager.Why.PAUSE_ENDS,
        "the pause of "
            + target
            + " may be released by any account from "
            + until
            + " on, and stays until one does; ratify or hold it at the guardian "
            + trip.slot().guardian()
            + " if it should stay");
  }

  /** Calls people. */
  void call(Pager.Why why, String text) {
    pager.page(new Pager.Page(name, why, text, clocks.wall().instant()));
  }

  /** What the simulation before sending said; on record whatever becomes of the permit. */
  public void simulated(Permit permit, JsonNode evidence) {
    audit.append(new Step.Simulated(permit.digest(), evidence));
  }

  /** The responder's transaction was accepted by some endpoint. */
  public void sent(Permit permit) {
    reached(Stage.SENT, permit.action().trigger().claim());
  }

  /** The node starts, with these texts as configuration; a node without town has no federation. */
  public void opened(List<Step.Document> documents, Hash32 federation, Address self) {
    audit.append(new Step.Opened(VERSION, federation, self, documents));
    call(Pager.Why.STARTED, "the node has started; calls like this one arrive here in need");
  }

  /** A roster or a revocation was taken in; the text is the federation's file as it is now. */
  public void federated(String file) {
    audit.append(new Step.Federated(new Step.Document("federation", file)));
  }
}
