package io.tocsin.respond;

import static io.tocsin.policy.PolicySamples.ALDER;
import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.MAIN;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.certified;
import static io.tocsin.policy.PolicySamples.hash;
import static io.tocsin.policy.PolicySamples.lever;
import static io.tocsin.policy.PolicySamples.local;
import static io.tocsin.policy.PolicySamples.mandate;
import static io.tocsin.policy.PolicySamples.mined;
import static io.tocsin.policy.PolicySamples.pending;
import static io.tocsin.policy.PolicySamples.protection;
import static io.tocsin.policy.PolicySamples.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.policy.Action;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Judgement.Mode;
import io.tocsin.policy.Judgement.UnknownRisk;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.PolicySamples;
import io.tocsin.policy.Trigger;
import io.tocsin.quorum.SampleCertificates;
import io.tocsin.respond.Ruling.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InterlockTest {
  private static final Duration HOUR = Duration.ofHours(1);

  static Action action(BudgetClass budgetClass, String tx, Instant at) {
    return action(budgetClass, tx, at, PolicySamples.limits(budgetClass), Approval.NONE);
  }

  static Action action(
      BudgetClass budgetClass, String tx, Instant at, Limits limits, Approval approval) {
    Claim claim =
        switch (budgetClass) {
          case DIRECT, LOCAL -> mined(BIRCH, tx, at);
          case DERIVED -> mined(ALDER, tx, at);
          case PENDING -> pending(BIRCH, tx, at);
        };
    Judgement judgement = new Judgement(Mode.ACT, Optional.empty(), UnknownRisk.ALERT, approval);
    Mandate base = mandate(budgetClass, judgement);
    return of(new Mandate(base.name(), base.id(), budgetClass, lever(1), limits, judgement), claim);
  }

  private static Action of(Mandate mandate, Claim claim) {
    Trigger trigger =
        mandate.budgetClass() == BudgetClass.LOCAL
            ? new Trigger.Local(claim, List.of())
            : new Trigger.Certified(SampleCertificates.of(claim, 7), List.of());
    return new Action(
        PolicySamples.GUARDIAN,
        mandate.id(),
        trigger,
        mandate,
        new Action.Bounds(Duration.ofDays(3), 1),
        "because");
  }

  private static Limits limits(int uses, Duration cooldown, Duration duration) {
    return new Limits(Limits.MAX_AGE, uses, cooldown, duration, NOW.plus(Duration.ofDays(365)));
  }

  private static InterlockState granted(InterlockState state, Action action, Instant now) {
    Ruling ruling = Interlock.rule(state, action, now);
    assertThat(ruling).isInstanceOf(Ruling.Granted.class);
    return ruling.next();
  }

  private static void assertHeld(InterlockState state, Action action, Instant now, Why why) {
    assertThat(Interlock.rule(state, action, now))
        .isInstanceOfSatisfying(
            Ruling.Held.class,
            held -> {
              assertThat(held.reason()).isEqualTo(why);
              assertThat(held.detail()).startsWith(why.rule());
              assertThat(held.next().trips()).isEqualTo(state.trips());
              assertThat(held.next().uses()).isEqualTo(state.uses());
              assertThat(held.next().spent()).isEqualTo(state.spent());
            });
  }

  private static Permit permit(InterlockState state, Action action, Instant now) {
    if (Interlock.rule(state, action, now) instanceof Ruling.Granted(Permit permit, var _)) {
      return permit;
    }
    throw new AssertionError("held");
  }

  @Test
  void grantsOneActionOfEachClass() {
    for (BudgetClass budgetClass : BudgetClass.values()) {
      Action action = action(budgetClass, "tx", NOW);
      InterlockState next = granted(InterlockState.EMPTY, action, NOW);
      assertThat(next.trips()).hasSize(1);
      assertThat(next.spent()).containsExactly(Permit.digest(action));
    }
  }

  @Test
  void grantsWhatThePolicyDecides() {
    granted(InterlockState.EMPTY, PolicySamples.action(protection(), certified(mined(ALDER))), NOW);
    granted(InterlockState.EMPTY, PolicySamples.action(protection(), local(mined(BIRCH))), NOW);
    assertThat(terms().siblings()).containsKey(ALDER);
  }

  @Test
  void rule1SpendsATransactionOnceForEver() {
    Action action = action(BudgetClass.DIRECT, "tx", NOW, limits(9, HOUR, HOUR), Approval.NONE);
    InterlockState state = granted(InterlockState.EMPTY, action, NOW);
    assertHeld(state, action, NOW, Why.ALREADY_SPENT);
    Action again = of(action.mandate(), mined(BIRCH, "tx", NOW.plus(Duration.ofDays(40))));
    assertHeld(state, again, NOW.plus(Duration.ofDays(40)), Why.ALREADY_SPENT);
  }

  @Test
  void rule1RefusesWhatIsNoTriggerOfTheClass() {
    Mandate direct = mandate(BudgetClass.DIRECT);
    assertHeld(InterlockState.EMPTY, of(direct, pending(BIRCH, "tx")), NOW, Why.MISFIT);
    assertHeld(
        InterlockState.EMPTY, of(mandate(BudgetClass.PENDING), mined(BIRCH)), NOW, Why.MISFIT);
    for (BudgetClass budgetClass : BudgetClass.values()) {
      assertHeld(
          InterlockState.EMPTY,
          of(mandate(budgetClass), new Claim.AllClear(hash("c"), MAIN, hash("b"))),
          NOW,
          Why.MISFIT);
      assertHeld(
          InterlockState.EMPTY,
          of(mandate(budgetClass), new Claim.RosterChanged(3, hash("r"))),
          NOW,
          Why.MISFIT);
    }
  }

  @Test
  void rule1RefusesExpiredAndStale() {
    Action action = action(BudgetClass.DIRECT, "tx", NOW);
    assertHeld(InterlockState.EMPTY, action, action.mandate().limits().expiry(), Why.EXPIRED);
    assertHeld(InterlockState.EMPTY, action, NOW.plus(Limits.MAX_AGE).plusSeconds(1), Why.STALE);
    granted(InterlockState.EMPTY, action, NOW.plus(Limits.MAX_AGE));
  }

  @Test
  void rule2RefusesDerivedAndLocalBeyondTheSoftestRung() {
    for (BudgetClass budgetClass : BudgetClass.values()) {
      Mandate base = mandate(budgetClass);
      Mandate hard =
          new Mandate(
              base.name(), base.id(), budgetClass, lever(2), base.limits(), base.judgement());
      Action action = of(hard, action(budgetClass, "tx", NOW).trigger().claim());
      switch (budgetClass) {
        case DERIVED, LOCAL -> assertHeld(InterlockState.EMPTY, action, NOW, Why.NOT_SOFTEST);
        case DIRECT, PENDING -> granted(InterlockState.EMPTY, action, NOW);
      }
    }
  }

  @Test
  void rule4KeepsBudgetsApart() {
    Limits once = limits(1, HOUR, Duration.ofMinutes(1));
    for (BudgetClass spender : BudgetClass.values()) {
      InterlockState state =
          granted(InterlockState.EMPTY, action(spender, "a", NOW, once, Approval.NONE), NOW);
      Instant later = NOW.plus(Duration.ofMinutes(2));
      for (BudgetClass other : BudgetClass.values()) {
        Action next = action(other, "b", later, once, Approval.NONE);
        if (other == spender) {
          assertHeld(state, next, later, Why.NO_USES_LEFT);
        } else {
          granted(state, next, later);
        }
      }
    }
  }

  @Test
  void rule4CoolsDown() {
    Limits limits = limits(9, HOUR, Duration.ofMinutes(1));
    InterlockState state =
        granted(
            InterlockState.EMPTY, action(BudgetClass.DIRECT, "a", NOW, limits, Approval.NONE), NOW);
    Instant early = NOW.plus(HOUR).minusSeconds(1);
    assertHeld(
        state,
        action(BudgetClass.DIRECT, "b", early, limits, Approval.NONE),
        early,
        Why.COOLING_DOWN);
    granted(
        state,
        action(BudgetClass.DIRECT, "b", NOW.plus(HOUR), limits, Approval.NONE),
        NOW.plus(HOUR));
  }

  @Test
  void rule4CapsThePausedTimeAndKeepsHalfForTheRealAlarm() {
    Duration day = Duration.ofDays(1);
    Limits half = limits(9, Duration.ZERO, day.dividedBy(2));
    InterlockState state = InterlockState.EMPTY;
    Instant now = NOW;
    for (int i = 0; i < 3; i++) {
      state = granted(state, action(BudgetClass.DERIVED, "d" + i, now, half, Approval.NONE), now);
      now = now.plus(half.duration());
    }
    assertHeld(
        state, action(BudgetClass.DERIVED, "d", now, half, Approval.NONE), now, Why.PAUSED_TIME);
    for (int i = 0; i < 3; i++) {
      state = granted(state, action(BudgetClass.DIRECT, "m" + i, now, half, Approval.NONE), now);
      now = now.plus(half.duration());
    }
    assertHeld(
        state, action(BudgetClass.DIRECT, "m", now, half, Approval.NONE), now, Why.PAUSED_TIME);
    Instant month = NOW.plus(Interlock.WINDOW).plus(half.duration());
    granted(state, action(BudgetClass.DIRECT, "m", month, half, Approval.NONE), month);
  }

  @Test
  void rule6HoldsPendingAfterTwoThatWereNeverMined() {
    Limits limits = limits(9, Duration.ZERO, Duration.ofMinutes(5));
    Instant second = NOW.plus(HOUR);
    Instant third = second.plus(HOUR);
    InterlockState state =
        granted(
            InterlockState.EMPTY,
            action(BudgetClass.PENDING, "a", NOW, limits, Approval.NONE),
            NOW);
    state = granted(state, action(BudgetClass.PENDING, "b", second, limits, Approval.NONE), second);
    Action next = action(BudgetClass.PENDING, "c", third, limits, Approval.NONE);

    granted(Interlock.mined(state, MAIN, hash("b")), next, third);

    assertHeld(state, next, third, Why.NEVER_MINED);
    InterlockState held = Interlock.rule(state, next, third).next();
    Instant days = third.plus(Duration.ofDays(3));
    Action later = action(BudgetClass.PENDING, "d", days, limits, Approval.NONE);
    assertHeld(held, later, days, Why.HUMAN_HOLD);
    granted(Interlock.letGo(held, Interlock.slotOf(later)), later, days);
    granted(Interlock.letGo(held, Interlock.slotOf(next)), next, third);
    granted(held, action(BudgetClass.DIRECT, "e", third), third);
  }

  @Test
  void rule6RefusesALongPendingPause() {
    Limits limits = limits(9, Duration.ZERO, HOUR);
    assertHeld(
        InterlockState.EMPTY,
        action(BudgetClass.PENDING, "a", NOW, limits, Approval.NONE),
        NOW,
        Why.TOO_LONG);
  }

  private static Action sighting(String tx, Instant at, Duration duration) {
    Action local =
        action(BudgetClass.LOCAL, tx, at, limits(9, Duration.ZERO, duration), Approval.NONE);
    return of(local.mandate(), pending(BIRCH, tx, at));
  }

  @Test
  void rule6RefusesALongPauseOnAnOwnPendingSighting() {
    assertHeld(InterlockState.EMPTY, sighting("a", NOW, HOUR), NOW, Why.TOO_LONG);
    granted(InterlockState.EMPTY, sighting("a", NOW, Duration.ofMinutes(10)), NOW);
  }

  @Test
  void rule6HoldsOwnPendingSightingsThatWereNeverMinedAndNoOthers() {
    Duration brief = Duration.ofMinutes(5);
    Instant second = NOW.plus(HOUR);
    Instant third = second.plus(HOUR);
    InterlockState state = granted(InterlockState.EMPTY, sighting("a", NOW, brief), NOW);
    Limits limits = limits(9, Duration.ZERO, brief);
    Action certified = action(BudgetClass.PENDING, "b", second, limits, Approval.NONE);
    state = granted(state, certified, second);
    Action next = sighting("c", third, brief);

    granted(Interlock.mined(state, MAIN, hash("a")), next, third);

    assertHeld(state, next, third, Why.NEVER_MINED);
    InterlockState held = Interlock.rule(state, next, third).next();
    Instant days = third.plus(Duration.ofDays(3));
    assertHeld(held, sighting("d", days, brief), days, Why.HUMAN_HOLD);
    granted(held, action(BudgetClass.LOCAL, "d", days), days);
    granted(Interlock.letGo(held, Interlock.slotOf(next)), sighting("d", days, brief), days);
    Action pending = action(BudgetClass.PENDING, "c", third, limits, Approval.NONE);
    assertHeld(state, pending, third, Why.NEVER_MINED);
  }

  @Test
  void rule6CountsOneAttackOnceHoweverManyBudgetsItTripped() {
    Duration brief = Duration.ofMinutes(5);
    InterlockState state = granted(InterlockState.EMPTY, sighting("a", NOW, brief), NOW);
    Instant later = NOW.plus(brief);
    Limits limits = limits(9, Duration.ZERO, brief);
    state = granted(state, action(BudgetClass.PENDING, "a", later, limits, Approval.NONE), later);
    Instant next = later.plus(HOUR);
    granted(state, sighting("b", next, brief), next);
  }

  @Test
  void aHumanHoldStopsOneMandateOnly() {
    Action action = action(BudgetClass.DERIVED, "a", NOW);
    InterlockState held =
        Interlock.hold(
            InterlockState.EMPTY, Interlock.slotOf(action), NOW, "a rule stopped a claim");
    assertHeld(held, action, NOW, Why.HUMAN_HOLD);
    granted(held, action(BudgetClass.DIRECT, "a", NOW), NOW);
    granted(Interlock.letGo(held, Interlock.slotOf(action)), action, NOW);
  }

  @Test
  void anApprovalIsForOneActionOnce() {
    Action first =
        action(BudgetClass.DIRECT, "a", NOW, limits(9, Duration.ZERO, HOUR), Approval.HUMAN);
    Action second =
        action(BudgetClass.DIRECT, "b", NOW, limits(9, Duration.ZERO, HOUR), Approval.HUMAN);
    assertHeld(InterlockState.EMPTY, first, NOW, Why.AWAITING_APPROVAL);
    InterlockState approved = Interlock.approve(InterlockState.EMPTY, Permit.digest(first));
    assertHeld(approved, second, NOW, Why.AWAITING_APPROVAL);
    InterlockState state = granted(approved, first, NOW);
    assertThat(state.approved()).isEmpty();
  }

  @Test
  void rule10GivesBackWhatARefusedPermitSpent() {
    Action action = action(BudgetClass.DIRECT, "a", NOW);
    Permit permit = permit(InterlockState.EMPTY, action, NOW);
    InterlockState state = granted(InterlockState.EMPTY, action, NOW);
    InterlockState back =
        Interlock.settled(
            state, permit, new Outcome.Refused(Outcome.Refusal.REVERTED, "NotPausedAfterwards"));
    assertThat(back).isEqualTo(InterlockState.EMPTY);
    granted(back, action, NOW);
  }

  @Test
  void anAlreadyPausedTargetGivesBackTheUseButNotThePermit() {
    Action action = action(BudgetClass.DIRECT, "a", NOW);
    Permit permit = permit(InterlockState.EMPTY, action, NOW);
    InterlockState state = granted(InterlockState.EMPTY, action, NOW);
    Outcome already =
        new Outcome.Done(
            new Outcome.Receipt(Outcome.Effect.ALREADY_PAUSED, Hash32.ZERO, 5, NOW, ""));
    InterlockState back = Interlock.settled(state, permit, already);
    assertThat(back.uses()).isEmpty();
    assertHeld(back, action, NOW, Why.ALREADY_SPENT);
    assertThat(Interlock.settled(back, permit, already)).isEqualTo(back);
  }

  @Test
  void anUnknownOutcomeStaysSpent() {
    Action action = action(BudgetClass.DIRECT, "a", NOW);
    Permit permit = permit(InterlockState.EMPTY, action, NOW);
    InterlockState state = granted(InterlockState.EMPTY, action, NOW);
    assertThat(Interlock.settled(state, permit, new Outcome.Unknown("no receipt")))
        .isEqualTo(state);
    assertHeld(state, action, NOW, Why.ALREADY_SPENT);
  }

  @Test
  void anEarlyReleaseGivesTimeBack() {
    InterlockState state = granted(InterlockState.EMPTY, action(BudgetClass.DIRECT, "a", NOW), NOW);
    InterlockState released = Interlock.released(state, BIRCH, NOW.plus(HOUR));
    assertThat(Interlock.paused(released, BIRCH, NOW.plus(HOUR))).isEqualTo(HOUR);
    assertThat(Interlock.released(released, BIRCH, NOW.plus(HOUR).plus(HOUR))).isEqualTo(released);
  }
}
