package io.tocsin.respond;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.account;
import static io.tocsin.respond.InterlockTest.action;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.policy.Action;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.PolicySamples;
import io.tocsin.respond.Outcome.Effect;
import io.tocsin.respond.Outcome.Refusal;
import io.tocsin.respond.Ruling.Why;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A decoy's pause never keeps the real alarm out, and no takeover makes the interlock lax. */
final class TakeoverTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private static Limits limits(Duration duration) {
    return new Limits(Limits.MAX_AGE, 9, Duration.ZERO, duration, NOW.plus(Duration.ofDays(365)));
  }

  private static Action of(BudgetClass budgetClass, String tx, Instant at, Duration duration) {
    return action(budgetClass, tx, at, limits(duration), Approval.NONE);
  }

  /** The same action with a lever that makes another call and reads the same probe. */
  private static Action wide(Action action) {
    Lever lever = action.mandate().lever();
    Lever.Calls calls = lever.calls();
    return with(
        action,
        lever.target(),
        new Lever.Calls(Bytes.hex("0x11111111"), Bytes.hex("0x22222222"), calls.probe()));
  }

  private static Action with(Action action, Address target, Lever.Calls calls) {
    Mandate m = action.mandate();
    return new Action(
        action.guardian(),
        action.mandateId(),
        action.trigger(),
        new Mandate(
            m.name(),
            m.id(),
            m.budgetClass(),
            new Lever("wide", target, m.lever().safe(), calls, 1, m.lever().blocks()),
            m.limits(),
            m.judgement()),
        action.bounds(),
        action.why());
  }

  private record Granted(Permit permit, InterlockState state) {}

  private static Granted grant(InterlockState state, Action action, Instant now) {
    if (Interlock.rule(state, action, now) instanceof Ruling.Granted(Permit permit, var next)) {
      return new Granted(permit, next);
    }
    throw new AssertionError(Interlock.rule(state, action, now));
  }

  private static InterlockState paused(InterlockState state, Action action, Instant now) {
    Granted granted = grant(state, action, now);
    return Interlock.settled(granted.state(), granted.permit(), done(Effect.PAUSED, now));
  }

  private static Outcome done(Effect effect, Instant at) {
    return new Outcome.Done(new Outcome.Receipt(effect, Hash32.ZERO, 5, at, ""));
  }

  private static void assertInForce(InterlockState state, Action action, Instant now) {
    assertThat(Interlock.rule(state, action, now))
        .isInstanceOfSatisfying(
            Ruling.Held.class, held -> assertThat(held.reason()).isEqualTo(Why.IN_FORCE));
  }

  @Test
  void theRealAlarmGoesOnWithADecoysPause() {
    InterlockState decoy =
        paused(InterlockState.EMPTY, of(BudgetClass.DERIVED, "a", NOW, HOUR), NOW);
    InterlockState real = paused(decoy, of(BudgetClass.DIRECT, "b", NOW, DAY), NOW);
    assertThat(Interlock.paused(real, BIRCH, NOW)).isEqualTo(DAY);
    assertInForce(real, of(BudgetClass.DERIVED, "c", NOW, HOUR), NOW);
    assertInForce(real, of(BudgetClass.LOCAL, "c", NOW, HOUR), NOW);
  }

  @Test
  void theRealAlarmTakesOverThePauseOfAnotherLeverWithTheSameProbe() {
    Instant later = NOW.plusSeconds(600);
    InterlockState decoy =
        paused(InterlockState.EMPTY, of(BudgetClass.DERIVED, "a", NOW, DAY), NOW);
    Action wide = wide(of(BudgetClass.DIRECT, "b", later, HOUR));
    InterlockState real = paused(decoy, wide, later);
    assertThat(real.trips().getFirst().span().to()).isEqualTo(later);
    assertThat(Interlock.paused(real, BIRCH, later)).isEqualTo(HOUR.plusSeconds(600));
  }

  @Test
  void withTheSameLeverOnlyWhatLastsLongerTakesOver() {
    InterlockState decoy =
        paused(InterlockState.EMPTY, of(BudgetClass.DERIVED, "a", NOW, DAY), NOW);
    assertInForce(decoy, of(BudgetClass.DIRECT, "b", NOW, HOUR), NOW);
  }

  @Test
  void noEqualOrWeakerClassTakesOverAnotherLever() {
    InterlockState state =
        paused(InterlockState.EMPTY, of(BudgetClass.DIRECT, "a", NOW, HOUR), NOW);
    for (BudgetClass budgetClass : BudgetClass.values()) {
      Duration duration =
          budgetClass == BudgetClass.PENDING ? Duration.ofMinutes(5) : Duration.ofMinutes(50);
      assertInForce(state, wide(of(budgetClass, "b", NOW, duration)), NOW);
    }
  }

  @Test
  void anotherTargetsPauseWithTheSameProbeIsTheSamePause() {
    InterlockState state =
        paused(InterlockState.EMPTY, of(BudgetClass.DIRECT, "a", NOW, HOUR), NOW);
    Action relayed = of(BudgetClass.DERIVED, "b", NOW, HOUR);
    assertInForce(
        state, with(relayed, account("relay").address(), relayed.mandate().lever().calls()), NOW);
  }

  @Test
  void anotherGuardiansPauseIsNotTakenOver() {
    InterlockState state =
        paused(InterlockState.EMPTY, of(BudgetClass.DERIVED, "a", NOW, HOUR), NOW);
    Action direct = of(BudgetClass.DIRECT, "b", NOW, DAY);
    Action foreign =
        new Action(
            account("other guardian"),
            direct.mandateId(),
            direct.trigger(),
            direct.mandate(),
            direct.bounds(),
            direct.why());
    assertInForce(state, foreign, NOW);
  }

  @Test
  void aRefusedTakeoverLeavesTheEarlierPauseCharged() {
    InterlockState decoy =
        paused(InterlockState.EMPTY, of(BudgetClass.DERIVED, "a", NOW, HOUR), NOW);
    for (Outcome outcome :
        new Outcome[] {
          new Outcome.Refused(Refusal.REVERTED, "TargetHeld"), done(Effect.ALREADY_PAUSED, NOW)
        }) {
      Granted direct = grant(decoy, of(BudgetClass.DIRECT, "b", NOW, DAY), NOW);
      InterlockState back = Interlock.settled(direct.state(), direct.permit(), outcome);
      assertThat(back.trips()).isEqualTo(decoy.trips());
      assertThat(Interlock.paused(back, BIRCH, NOW)).isEqualTo(HOUR);
    }
  }

  @Test
  void aTakeoverIsSpentLikeAnyTrip() {
    InterlockState decoy = paused(InterlockState.EMPTY, of(BudgetClass.LOCAL, "a", NOW, HOUR), NOW);
    InterlockState real = paused(decoy, of(BudgetClass.DIRECT, "b", NOW, DAY), NOW);
    assertThat(real.trips()).hasSize(2);
    assertThat(real.uses()).hasSize(2);
    assertThat(PolicySamples.hash("b")).isEqualTo(real.trips().getLast().cause().tx());
  }
}
