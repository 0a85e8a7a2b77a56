package io.tocsin.pipeline;

import io.tocsin.audit.Step;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.EventLog;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.base.Text;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.TxTrace;
import io.tocsin.claim.Claim;
import io.tocsin.detect.Finding;
import io.tocsin.policy.Case;
import io.tocsin.policy.Decision;
import io.tocsin.quorum.Opinion;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.respond.InterlockState.Trip;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import java.time.Instant;

/** What an operator reads about the flow. */
final class PipelineLog extends EventLog {
  PipelineLog(String node, Metrics metrics) {
    super(node, metrics);
  }

  void found(TxTrace trace, Finding finding) {
    warn(
        "found",
        "exploit of "
            + finding.subject()
            + " in "
            + trace.tx()
            + " on "
            + trace.chain()
            + " ("
            + String.join(", ", finding.detectors())
            + "): "
            + Text.printable(finding.why().summary()));
  }

  void notAnalysed(TxTrace trace, String reason) {
    warn("not_analysed", trace + " was not analysed: " + Text.printable(reason));
  }

  void noAgreement(TxTrace trace, String reason) {
    warn(
        "no_agreement",
        "no claim about "
            + trace.tx()
            + ", because the endpoints do not agree: "
            + Text.printable(reason));
  }

  void codeUnread(Address subject) {
    warn("code_unread", "no claim about " + subject + ", because its code could not be read");
  }

  void judged(Claim claim, Opinion opinion) {
    switch (opinion) {
      case Opinion.Confirm _ -> info("confirmed", "confirmed " + claim.summary());
      case Opinion.Refute(var reason) ->
          warn("refuted", "refuted " + claim.summary() + ": " + reason);
      case Opinion.Abstain(var reason, String detail) ->
          info(
              "abstained",
              "said nothing to " + claim.summary() + ": " + reason + ", " + Text.printable(detail));
      case Opinion.Wait _ -> count("tocsin_opinions_total", "wait");
    }
  }

  void equivocated(Address member, Hash32 claim) {
    alarm(
        "equivocated",
        "member " + member + " contradicts itself on claim " + claim + "; both votes are kept");
  }

  void rewritten(String text) {
    alarm("log_rewritten", text + "; both of its signed messages are kept");
  }

  void certified(QuorumCertificate certificate) {
    warn(
        "certified",
        "certificate of epoch "
            + certificate.epoch()
            + " with "
            + certificate.endorsements().size()
            + " signatures on claim "
            + certificate.claim().id());
  }

  void overloaded(String what) {
    warn("overloaded", what);
  }

  void badCertificate(Address from, String why) {
    warn("bad_certificate", "certificate from " + from + " does not hold: " + Text.printable(why));
  }

  void decided(Case asked, Decision decision) {
    decided(asked.protection().interest().name() + ", mandate " + asked.mandate().name(), decision);
  }

  void decided(String who, Decision decision) {
    switch (decision) {
      case Decision.Observe(var reason, _) -> count("tocsin_decisions_total", reason.name());
      case Decision.Alert(var reason, String detail, boolean hold) ->
          warn(
              "alert",
              who
                  + ": look at this, nothing is done: "
                  + reason.rule()
                  + " ("
                  + Text.printable(detail)
                  + (hold ? "); waits for a human" : ")"));
      case Decision.Act(var action) -> warn("act", who + ": act, because " + action.why());
    }
  }

  void held(Case asked, Ruling.Held held) {
    warn(
        "held",
        asked.protection().interest().name()
            + ", mandate "
            + asked.mandate().name()
            + ": held, "
            + held.reason().rule()
            + " ("
            + Text.printable(held.detail())
            + ")");
  }

  void acted(Permit permit, Outcome outcome) {
    String what = permit.action().target() + " under permit " + permit.digest();
    switch (outcome) {
      case Outcome.Done(var receipt) -> warn("done", "paused " + what + ": " + receipt.effect());
      case Outcome.Refused(var reason, String detail) ->
          alarm(
              "refused", "could not pause " + what + ": " + reason + ", " + Text.printable(detail));
      case Outcome.Unknown(String detail) ->
          alarm("unknown", "pausing " + what + " has no known outcome: " + Text.printable(detail));
    }
  }

  void ordered(String order, String subject, String note) {
    warn("ordered", "the owner's order " + order + " " + subject + " " + Text.printable(note));
  }

  void released(AccountId target) {
    warn("released", "the pause of " + target + " is over");
  }

  void ending(AccountId target, Instant until) {
    alarm(
        "pause_ends", "the pause of " + target + " ends at " + until + " unless ratified or held");
  }

  void doubted(Claim claim, String why) {
    warn(
        "doubted",
        "nothing is done alone about pending claim " + claim.id() + ": " + Text.printable(why));
  }

  void readiness(String what) {
    warn("readiness", what);
  }

  void byHand(String what) {
    alarm("pause_undone", what);
  }

  void resumed(Hash32 permit, String what) {
    warn("resumed", "after the restart, permit " + permit + ": " + what);
  }

  void withdrawn(Claim.AllClear clear) {
    warn(
        "withdrawn",
        "claim "
            + clear.claimId()
            + " is withdrawn: its block left "
            + clear.chain()
            + " and block "
            + clear.block()
            + " stands in its place");
  }

  /** What an owner is told of a pause that rests on a withdrawn claim. */
  static String resting(Claim.AllClear clear, Trip trip) {
    return "the pause of "
        + trip.pulled().target()
        + " rests on claim "
        + clear.claimId()
        + ", which is withdrawn; nothing undoes the pause by itself: at the guardian "
        + trip.slot().guardian()
        + " ratify or hold it if it should stay, or lift it; else any account may release it from "
        + trip.span().to()
        + " on";
  }

  void resting(String what) {
    alarm("resting_on_withdrawn", what);
  }

  void ratified(AccountId target) {
    info("ratified", "the owner made the pause of " + target + " his own");
  }

  void members(boolean silent, String what) {
    if (silent) {
      alarm("members_silent", Text.printable(what));
    } else {
      warn("members_back", Text.printable(what));
    }
  }

  void drilled(Step.Drilled drill) {
    long answered = drill.answers().stream().filter(a -> a.after().isPresent()).count();
    warn(
        "drilled",
        drill.refusal().isEmpty()
            ? "drill "
                + drill.drill()
                + ": "
                + answered
                + " of "
                + drill.answers().size()
                + " members answered"
            : "drill " + drill.drill() + " was not sent: " + drill.refusal());
  }

  /** What an owner is told of a drill. */
  static String rehearsal(Step.Rehearsed drill) {
    StringBuilder text = new StringBuilder("DRILL, nothing happened: member ");
    text.append(drill.author()).append(" tests the alarm, and this node answered");
    for (Step.Tried tried : drill.tried()) {
      text.append("; mandate ").append(tried.mandate());
      text.append(tried.fault().isEmpty() ? " could pause now" : " could not: " + tried.fault());
    }
    return text.toString();
  }

  void rehearsed(Step.Rehearsed drill) {
    info("rehearsed", Text.printable(rehearsal(drill)));
  }

  void trouble(ChainEvent.Trouble trouble) {
    count(
        "tocsin_endpoint_troubles_total",
        trouble.chain() + " " + trouble.endpoint(),
        trouble.kind().name());
    String sentence =
        trouble.chain()
            + ", endpoint "
            + Text.printable(trouble.endpoint())
            + ": "
            + trouble.kind()
            + ", "
            + Text.printable(trouble.detail());
    if (trouble.kind() == ChainEvent.TroubleKind.RECOVERED
        || trouble.kind() == ChainEvent.TroubleKind.PENDING_BACK) {
      info("recovered", sentence);
    } else {
      warn("trouble", sentence);
    }
  }

  void reorged(ChainEvent.Reorged reorged) {
    warn(
        "reorged",
        reorged.chain() + ": " + reorged.removed().size() + " blocks are canonical no more");
  }

  /** {@code work}, whose failure is logged and goes no further. */
  Runnable guarded(String what, Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        failed(what, e);
      }
    };
  }

  void failed(String what, Throwable failure) {
    alarm("failed", what + " failed: " + Text.printable(String.valueOf(failure)));
  }
}
