package io.tocsin.policy;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Agreement;
import io.tocsin.claim.Claim;
import io.tocsin.exposure.Exposure;
import io.tocsin.exposure.RuleResult;
import io.tocsin.exposure.Sight;
import io.tocsin.expression.Condition.Answer;
import io.tocsin.policy.Case.Occasion;
import io.tocsin.policy.Judgement.Mode;
import io.tocsin.policy.Judgement.UnknownRisk;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.risk.RiskEstimate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides what follows from a claim for each mandate. Pure: the same case gives the same decision,
 * whenever it is recomputed. In doubt it alerts; it never acts on an error.
 */
public final class Policy {
  /** How far a block's time may be ahead of this node's clock. */
  static final Duration SKEW = Duration.ofSeconds(15);

  private final List<Protection> protections;

  /** The policy of these mandates. */
  public Policy(List<Protection> protections) {
    this.protections = List.copyOf(protections);
  }

  /** A decision and whom it is for; {@code mandate} is blank if no mandate serves the case. */
  public record Decided(String protocol, String mandate, Decision decision) {}

  /** The mandates, as given. */
  public List<Protection> protections() {
    return protections;
  }

  /** The protection of the interest that {@code exposure} concerns. */
  public Optional<Protection> protectionOf(Exposure exposure) {
    return protections.stream().filter(p -> p.interest().equals(exposure.interest())).findFirst();
  }

  /** What is decided when a claim concerns nothing. */
  public static Decision unexposed(Claim claim) {
    return switch (claim) {
      case Claim.ExploitMined _, Claim.ExploitPending _ ->
          new Decision.Observe(Reason.NOT_EXPOSED, Reason.NOT_EXPOSED.rule());
      case Claim.AllClear _, Claim.RosterChanged _ ->
          new Decision.Observe(Reason.NOT_AN_EXPLOIT, Reason.NOT_AN_EXPLOIT.rule());
    };
  }

  /**
   * The cases that {@code exposure} raises: one for each mandate of the class that serves it. Empty
   * if no mandate does.
   */
  public List<Case> cases(Occasion occasion, Exposure exposure, RiskEstimate estimate) {
    BudgetClass wanted = classOf(occasion.alarm(), exposure);
    return protectionOf(exposure)
        .map(
            protection ->
                protection.mandates().stream()
                    .filter(m -> m.budgetClass() == wanted)
                    .map(m -> new Case(protection, m, occasion, exposure, estimate))
                    .toList())
        .orElse(List.of());
  }

  /** Decides all cases that {@code exposure} raises; never empty. */
  public List<Decided> judge(Occasion occasion, Exposure exposure, RiskEstimate estimate) {
    List<Case> cases = cases(occasion, exposure, estimate);
    String protocol = exposure.interest().name();
    if (cases.isEmpty()) {
      return List.of(new Decided(protocol, "", noMandate(occasion, exposure)));
    }
    return cases.stream().map(c -> new Decided(protocol, c.mandate().name(), decide(c))).toList();
  }

  private static Decision noMandate(Occasion occasion, Exposure exposure) {
    return switch (occasion.alarm().claim()) {
      case Claim.AllClear _, Claim.RosterChanged _ -> unexposed(occasion.alarm().claim());
      case Claim.ExploitMined _, Claim.ExploitPending _ ->
          exposure instanceof Exposure.Derived derived && derived.stoppedBy().isPresent()
              ? stopped(derived.stoppedBy().get())
              : new Decision.Alert(
                  Reason.NO_MANDATE,
                  "no mandate of class "
                      + classOf(occasion.alarm(), exposure)
                      + ": "
                      + exposure.path(),
                  true);
    };
  }

  /** The class of mandate that serves an alarm about an exposure. */
  public static BudgetClass classOf(Alarm alarm, Exposure exposure) {
    return switch (alarm) {
      case Alarm.Local _ -> BudgetClass.LOCAL;
      case Alarm.Certified(QuorumCertificate certificate) ->
          switch (certificate.claim()) {
            case Claim.ExploitPending _ -> BudgetClass.PENDING;
            case Claim.ExploitMined _, Claim.AllClear _, Claim.RosterChanged _ ->
                switch (exposure) {
                  case Exposure.Direct _ -> BudgetClass.DIRECT;
                  case Exposure.Derived _ -> BudgetClass.DERIVED;
                };
          };
    };
  }

  /** Decides one case. */
  public static Decision decide(Case asked) {
    return new Ladder(asked).decide();
  }

  static Decision stopped(RuleResult result) {
    Reason reason =
        switch (result.rule()) {
          case SUBJECT_IS_SIBLING -> Reason.NOT_A_SIBLING;
          case CODE_MATCHES -> Reason.CODE_NOT_MATCHING;
          case FRAMES_RUN_MATCHING_CODE -> Reason.FRAMES_NOT_MATCHING;
          case PRICE_SOURCES_ARE_MINE -> Reason.FOREIGN_PRICE_SOURCE;
          case SUBJECT_IS_OLD_ENOUGH -> Reason.TOO_YOUNG;
          case LOSS_EXCEEDS_FLOOR -> Reason.BELOW_FLOOR;
        };
    return new Decision.Alert(reason, reason.rule() + ": " + result.detail(), true);
  }

  /** The time of the block that a claim rests on. */
  static Optional<Instant> timeOf(Claim claim) {
    return switch (claim) {
      case Claim.ExploitMined mined -> Optional.of(mined.block().time());
      case Claim.ExploitPending pending -> Optional.of(pending.head().time());
      case Claim.AllClear _, Claim.RosterChanged _ -> Optional.empty();
    };
  }

  /** The rules in order; the first that does not hold decides. */
  private static final class Ladder {
    private final Case asked;
    private final Occasion occasion;
    private final Mandate mandate;
    private final Claim claim;

    Ladder(Case asked) {
      this.asked = asked;
      this.occasion = asked.occasion();
      this.mandate = asked.mandate();
      this.claim = occasion.alarm().claim();
    }

    Decision decide() {
      return notAnExploit()
          .or(this::wrongClass)
          .or(this::tooLong)
          .or(this::wrongChain)
          .or(this::wrongTime)
          .or(this::ownEyes)
          .or(this::derived)
          .or(this::ownWord)
          .orElseGet(this::act);
    }

    private static Optional<Decision> alert(Reason reason, String detail, boolean hold) {
      return Optional.of(new Decision.Alert(reason, reason.rule() + ": " + detail, hold));
    }

    private Optional<Decision> notAnExploit() {
      return switch (claim) {
        case Claim.ExploitMined _, Claim.ExploitPending _ -> Optional.empty();
        case Claim.AllClear _, Claim.RosterChanged _ -> Optional.of(unexposed(claim));
      };
    }

    private Optional<Decision> wrongClass() {
      boolean derived = asked.exposure() instanceof Exposure.Derived;
      if (derived && occasion.alarm() instanceof Alarm.Local) {
        return alert(Reason.LOCAL_IS_DIRECT_ONLY, asked.exposure().path(), true);
      }
      if (derived && claim instanceof Claim.ExploitPending) {
        return alert(Reason.PENDING_IS_DIRECT_ONLY, asked.exposure().path(), true);
      }
      if (mandate.budgetClass() != classOf(occasion.alarm(), asked.exposure())) {
        return Optional.of(
            new Decision.Observe(Reason.OTHER_CLASS, "this one serves " + mandate.budgetClass()));
      }
      return Optional.empty();
    }

    /** Another local mandate may be short enough, so nothing waits for a human here. */
    private Optional<Decision> tooLong() {
      Duration longest = asked.protection().longestPending();
      Duration duration = mandate.limits().duration();
      return mandate.budgetClass() == BudgetClass.LOCAL
              && claim instanceof Claim.ExploitPending
              && !asked.protection().servesPending(mandate)
          ? alert(Reason.TOO_LONG_FOR_PENDING, duration + " is longer than " + longest, false)
          : Optional.empty();
    }

    private Optional<Decision> wrongChain() {
      ChainId chain = claim.where().orElseThrow();
      ChainId home = asked.protection().guard().account().chain();
      if (TestNetworks.refused(chain, home)) {
        return alert(Reason.TEST_NETWORK, chain.toString(), false);
      }
      if (!asked.protection().sourceChains().contains(chain)) {
        return alert(Reason.FOREIGN_CHAIN, chain.toString(), false);
      }
      return Optional.empty();
    }

    private Optional<Decision> wrongTime() {
      Instant now = occasion.now();
      if (occasion.alarm() instanceof Alarm.Certified(QuorumCertificate certificate)
          && !occasion.epochs().actionable(certificate.epoch(), now)) {
        return alert(
            Reason.OLD_EPOCH,
            "epoch " + certificate.epoch() + ", current " + occasion.epochs().current(),
            false);
      }
      Instant time = timeOf(claim).orElseThrow();
      Duration maxAge =
          mandate.limits().maxAge().isZero() ? Limits.MAX_AGE : mandate.limits().maxAge();
      if (time.isAfter(now.plus(SKEW))) {
        return alert(Reason.FROM_THE_FUTURE, "claim of " + time + ", now " + now, false);
      }
      if (time.isBefore(now.minus(maxAge))) {
        return alert(Reason.STALE, "claim of " + time + ", now " + now, false);
      }
      if (!now.isBefore(mandate.limits().expiry())) {
        return alert(Reason.EXPIRED, "on " + mandate.limits().expiry(), true);
      }
      return Optional.empty();
    }

    private Optional<Decision> ownEyes() {
      if (occasion.own().agreement() instanceof Agreement.Lacking(String why)) {
        return alert(Reason.ENDPOINTS_DISAGREE, why, true);
      }
      boolean needed =
          switch (mandate.budgetClass()) {
            case DIRECT -> false;
            case DERIVED, PENDING, LOCAL -> true;
          };
      if (needed && !(occasion.own().sight() instanceof Sight.Harmed)) {
        String why =
            occasion.own().sight() instanceof Sight.Unseen(String reason)
                ? reason
                : "the own scan is clean";
        return alert(Reason.NOT_SEEN, why, true);
      }
      Hash32 claimed = claim.about().orElseThrow().code();
      Optional<Hash32> read = occasion.own().subject().code().map(c -> c.normalised());
      if (read.isPresent() && !read.get().equals(claimed)) {
        return alert(Reason.CODE_DIFFERS, read.get() + " is not " + claimed, true);
      }
      return Optional.empty();
    }

    private Optional<Decision> derived() {
      if (asked.exposure() instanceof Exposure.Derived derived) {
        Optional<RuleResult> failed = derived.stoppedBy();
        if (failed.isPresent()) {
          return Optional.of(stopped(failed.get()));
        }
      }
      boolean soft =
          switch (mandate.budgetClass()) {
            case DERIVED, LOCAL -> true;
            case DIRECT, PENDING -> false;
          };
      if (soft && mandate.lever().rung() > asked.protection().softestRung()) {
        return alert(Reason.NOT_SOFTEST, "rung " + mandate.lever().rung(), true);
      }
      return Optional.empty();
    }

    private Optional<Decision> ownWord() {
      if (asked.estimate() instanceof RiskEstimate.Unknown(var why, String detail)
          && mandate.judgement().unknownRisk() == UnknownRisk.ALERT) {
        return alert(Reason.UNKNOWN_RISK, why + ", " + detail, true);
      }
      if (mandate.judgement().condition().isEmpty()) {
        return Optional.empty();
      }
      var condition = mandate.judgement().condition().get();
      return switch (condition.ask(Facts.of(asked))) {
        case Answer.Yes _ -> Optional.empty();
        case Answer.No _ -> alert(Reason.CONDITION_NOT_MET, condition.source(), false);
        case Answer.Failed(String reason) -> alert(Reason.CONDITION_FAILED, reason, true);
      };
    }

    private Decision act() {
      AccountId subject =
          new AccountId(claim.where().orElseThrow(), claim.about().orElseThrow().address());
      Optional<List<Hash32>> proof = asked.protection().subjects(mandate).proof(subject);
      if (proof.isEmpty()) {
        return new Decision.Alert(
            Reason.SUBJECT_NOT_PERMITTED,
            Reason.SUBJECT_NOT_PERMITTED.rule() + ": " + subject,
            true);
      }
      String would =
          mandate.name()
              + " would have pulled "
              + mandate.lever().name()
              + ": "
              + asked.exposure().path();
      if (mandate.judgement().mode() == Mode.SHADOW) {
        return new Decision.Alert(Reason.SHADOW_MODE, would, false);
      }
      if (mandate.id().isZero()) {
        return new Decision.Alert(Reason.NOT_ON_CHAIN, would, true);
      }
      Trigger trigger =
          switch (occasion.alarm()) {
            case Alarm.Certified(QuorumCertificate certificate) ->
                new Trigger.Certified(certificate, proof.get());
            case Alarm.Local(Claim own) -> new Trigger.Local(own, proof.get());
          };
      return new Decision.Act(
          new Action(
              asked.protection().guard().account(),
              mandate.id(),
              trigger,
              mandate,
              new Action.Bounds(
                  asked.protection().guard().pausedCap(), asked.protection().softestRung()),
              asked.exposure().path()));
    }
  }
}
