package io.tocsin.quorum;

import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Claim.AllClear;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.Claim.ExploitPending;
import io.tocsin.claim.Claim.RosterChanged;
import io.tocsin.claim.Claim.Subject;
import io.tocsin.quorum.Opinion.Abstain;
import io.tocsin.quorum.Opinion.AbstainReason;
import io.tocsin.quorum.Opinion.Confirm;
import io.tocsin.quorum.Opinion.Refute;
import io.tocsin.quorum.Opinion.RefuteReason;
import io.tocsin.quorum.Opinion.Wait;
import io.tocsin.quorum.OwnView.Absent;
import io.tocsin.quorum.OwnView.Behind;
import io.tocsin.quorum.OwnView.Canonical;
import io.tocsin.quorum.OwnView.Harm;
import io.tocsin.quorum.OwnView.Mined;
import io.tocsin.quorum.OwnView.Pending;
import io.tocsin.quorum.OwnView.Simulation;
import io.tocsin.quorum.OwnView.Unavailable;
import io.tocsin.quorum.OwnView.Unwatched;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The opinion that follows from a claim, the own view of it, and the time: nothing else. */
final class Judgement {
  private Judgement() {}

  static Opinion of(Claim claim, OwnView view, Patience patience, Instant now) {
    return switch (claim) {
      case ExploitMined c -> mined(c, view, patience, now);
      case ExploitPending c -> pending(c, view, patience, now);
      case AllClear c -> allClear(c, view, now);
      case RosterChanged c ->
          abstain(AbstainReason.OPERATOR_ONLY, "the roster of epoch " + c.epoch());
    };
  }

  private static Opinion mined(ExploitMined claim, OwnView view, Patience patience, Instant now) {
    return switch (view) {
      case Unwatched _ -> unwatched(claim);
      case Unavailable(String detail) ->
          unless(claim.block().time(), patience, now, abstain(AbstainReason.UNAVAILABLE, detail));
      case Behind(Instant again) -> behind(claim.block().time(), again, patience, now);
      case Absent(boolean agreed, Instant headTime) ->
          absent(claim, agreed, headTime, patience, now);
      case Mined seen when !seen.agreed() ->
          unless(
              claim.block().time(),
              patience,
              now,
              abstain(AbstainReason.NO_AGREEMENT, "block and trace of " + claim.tx()));
      case Mined seen -> judge(claim, seen);
      case Pending _ -> behind(claim.block().time(), now.plus(patience.again()), patience, now);
      case Canonical _ -> mismatch();
    };
  }

  private static Opinion absent(
      ExploitMined claim, boolean agreed, Instant headTime, Patience patience, Instant now) {
    if (headTime.isBefore(claim.block().time().plus(patience.settle()))) {
      return behind(claim.block().time(), now.plus(patience.again()), patience, now);
    }
    return agreed
        ? new Refute(RefuteReason.TX_ABSENT)
        : abstain(AbstainReason.NO_AGREEMENT, "whether " + claim.tx() + " exists");
  }

  private static Opinion judge(ExploitMined claim, Mined seen) {
    if (!seen.block().equals(claim.block())) {
      return abstain(AbstainReason.OTHER_BLOCK, "it is in block " + seen.block().hash());
    }
    if (seen.failed()) {
      return new Refute(RefuteReason.REVERTED);
    }
    if (!seen.harm().touched().contains(claim.subject().address())) {
      return new Refute(RefuteReason.SUBJECT_UNTOUCHED);
    }
    return harm(claim.subject(), seen.harm());
  }

  private static Opinion harm(Subject subject, Harm harm) {
    Hash32 code = harm.victims().get(subject.address());
    if (code != null && code.equals(subject.code())) {
      return new Confirm();
    }
    if (code != null) {
      return abstain(AbstainReason.OTHER_CODE, "its own view is " + code);
    }
    return harm.notAnalysed()
        .map(why -> abstain(AbstainReason.NOT_ANALYSED, why))
        .orElseGet(
            () ->
                abstain(
                    AbstainReason.NOT_A_VICTIM,
                    subject.address() + " is none of its " + harm.victims().size() + " victims"));
  }

  private static Opinion pending(
      ExploitPending claim, OwnView view, Patience patience, Instant now) {
    return switch (view) {
      case Unwatched _ -> unwatched(claim);
      case Unavailable(String detail) ->
          unless(claim.head().time(), patience, now, abstain(AbstainReason.UNAVAILABLE, detail));
      case Behind(Instant again) -> behind(claim.head().time(), again, patience, now);
      case Absent _ -> abstain(AbstainReason.NOT_SEEN, claim.tx() + " is not in its mempool");
      case Mined _ -> abstain(AbstainReason.NOT_INCLUDABLE, claim.tx() + " is mined already");
      case Pending seen when !seen.simulation().agreed() ->
          unless(
              claim.head().time(),
              patience,
              now,
              abstain(AbstainReason.NO_AGREEMENT, "the simulation of " + claim.tx()));
      case Pending seen -> judge(claim, seen);
      case Canonical _ -> mismatch();
    };
  }

  private static Opinion judge(ExploitPending claim, Pending seen) {
    Simulation simulation = seen.simulation();
    if (!seen.turn().equals(claim.turn()) || !seen.head().equals(claim.head())) {
      return abstain(AbstainReason.NOT_INCLUDABLE, "it waits at another place than claimed");
    }
    if (!simulation.includable()) {
      return abstain(AbstainReason.NOT_INCLUDABLE, "it cannot be in the next block");
    }
    if (simulation.failed() || !simulation.robust()) {
      return abstain(AbstainReason.NOT_ROBUST, "it does not harm under every likely block");
    }
    return harm(claim.subject(), seen.harm());
  }

  private static Opinion allClear(AllClear claim, OwnView view, Instant now) {
    return switch (view) {
      case Unwatched _ -> unwatched(claim);
      case Unavailable(String detail) -> abstain(AbstainReason.UNAVAILABLE, detail);
      case Behind(Instant again) ->
          again.isAfter(now)
              ? new Wait(again)
              : abstain(AbstainReason.BEHIND, "its chain never got to block " + claim.block());
      case Canonical(Hash32 claimed, Optional<Hash32> block) -> {
        if (block.isEmpty()) {
          yield abstain(AbstainReason.NO_AGREEMENT, "the canonical block in place of " + claimed);
        }
        if (block.get().equals(claimed)) {
          yield new Refute(RefuteReason.STILL_CANONICAL);
        }
        yield block.get().equals(claim.block())
            ? new Confirm()
            : abstain(AbstainReason.NOT_VOIDED, "its chain has " + block.get() + " there");
      }
      case Absent _, Mined _, Pending _ -> mismatch();
    };
  }

  private static Opinion behind(Instant claimed, Instant again, Patience patience, Instant now) {
    return patient(claimed, patience, now)
        ? new Wait(again)
        : abstain(AbstainReason.BEHIND, "its chain is still behind the claim");
  }

  /** Endpoints may answer, or agree, a moment later. */
  private static Opinion unless(
      Instant claimed, Patience patience, Instant now, Opinion otherwise) {
    return patient(claimed, patience, now) ? new Wait(now.plus(patience.again())) : otherwise;
  }

  /** A claimed time far ahead buys no waiting either. */
  private static boolean patient(Instant claimed, Patience patience, Instant now) {
    return Duration.between(claimed, now).abs().compareTo(patience.giveUp()) < 0;
  }

  private static Opinion unwatched(Claim claim) {
    return abstain(
        AbstainReason.UNKNOWN_CHAIN,
        claim.where().map(chain -> "it does not watch " + chain).orElse(""));
  }

  private static Opinion mismatch() {
    return abstain(AbstainReason.UNAVAILABLE, "the view answers another kind of claim");
  }

  private static Opinion abstain(AbstainReason reason, String detail) {
    return new Abstain(reason, detail);
  }
}
