package io.tocsin.respond;

import static io.tocsin.policy.PolicySamples.ALDER;
import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.account;
import static io.tocsin.respond.InterlockTest.action;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import io.tocsin.policy.Action;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Trigger;
import io.tocsin.quorum.SampleCertificates;
import io.tocsin.respond.InterlockState.Span;
import io.tocsin.respond.InterlockState.Trip;
import io.tocsin.respond.Outcome.Effect;
import io.tocsin.respond.Ruling.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The interlock to the second: what still counts, and what just does not. */
final class InterlockEdgesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration BRIEF = Duration.ofMinutes(5);
  private static final Duration DAY = Duration.ofDays(1);

  private static Action of(BudgetClass budgetClass, String tx, Instant at, Duration duration) {
    Limits limits =
        new Limits(Limits.MAX_AGE, 9, Duration.ZERO, duration, NOW.plus(Duration.ofDays(365)));
    return action(budgetClass, tx, at, limits, Approval.NONE);
  }

  private static Action triggered(Action action, Trigger trigger) {
    return new Action(
        action.guardian(),
        action.mandateId(),
        trigger,
        action.mandate(),
        action.bounds(),
        action.why());
  }

  private static Action by(AccountId guardian, Action action) {
    return new Action(
        guardian,
        action.mandateId(),
        action.trigger(),
        action.mandate(),
        action.bounds(),
        action.why());
  }

  private static Action at(AccountId target, Action action) {
    Mandate m = action.mandate();
    Lever lever = m.lever();
    Lever.Probe probe = lever.calls().probe();
    Lever.Calls calls =
        new Lever.Calls(
            lever.calls().call(),
            lever.calls().release(),
            new Lever.Probe(target.address(), probe.call(), probe.mask(), probe.expected()));
    Lever moved =
        new Lever(
            lever.name(), target.address(), lever.safe(), calls, lever.rung(), lever.blocks());
    return new Action(
        action.guardian(),
        action.mandateId(),
        action.trigger(),
        new Mandate(m.name(), m.id(), m.budgetClass(), moved, m.limits(), m.judgement()),
        action.bounds(),
        action.why());
  }

  private static Permit permit(InterlockState state, Action action, Instant now) {
    if (Interlock.rule(state, action, now) instanceof Ruling.Granted(Permit permit, var _)) {
      return permit;
    }
    throw new AssertionError(Interlock.rule(state, action, now));
  }

  private static InterlockState granted(InterlockState state, Action action, Instant now) {
    Permit permit = permit(state, action, now);
    InterlockState next = Interlock.rule(state, action, now).next();
    assertThat(permit.granted()).isEqualTo(now);
    return next;
  }

  private static InterlockState granted(Action action, Instant now) {
    return granted(InterlockState.EMPTY, action, now);
  }

  private static void held(InterlockState state, Action action, Instant now, Why why) {
    assertThat(Interlock.rule(state, action, now))
        .isInstanceOfSatisfying(
            Ruling.Held.class, ruling -> assertThat(ruling.reason()).isEqualTo(why));
  }

  @Test
  void anOwnSightingIsForSelfDefenceAndACertificateForTheRest() {
    Action direct = of(BudgetClass.DIRECT, "a", NOW, HOUR);
    Action local = of(BudgetClass.LOCAL, "a", NOW, HOUR);
    Trigger sighting = new Trigger.Local(direct.trigger().claim(), List.of());
    Trigger certificate =
        new Trigger.Certified(SampleCertificates.of(direct.trigger().claim(), 7), List.of());
    held(InterlockState.EMPTY, triggered(direct, sighting), NOW, Why.MISFIT);
    held(InterlockState.EMPTY, triggered(local, certificate), NOW, Why.MISFIT);
  }

  @Test
  void aMandateWithoutAnAgeTakesTheLongest() {
    Action local = action(BudgetClass.LOCAL, "a", NOW);
    assertThat(local.mandate().limits().maxAge()).isZero();
    granted(local, NOW.plus(Limits.MAX_AGE));
    held(InterlockState.EMPTY, local, NOW.plus(Limits.MAX_AGE).plusNanos(1), Why.STALE);
  }

  @Test
  void aPauseAsLongAsItsClassAllowsIsGranted() {
    for (BudgetClass budgetClass : BudgetClass.values()) {
      Duration longest = budgetClass.longest();
      if (longest.compareTo(DAY) <= 0) {
        granted(of(budgetClass, "a", NOW, longest), NOW);
      }
      Action longer = of(budgetClass, "a", NOW, longest.plusNanos(1));
      held(InterlockState.EMPTY, longer, NOW, Why.TOO_LONG);
    }
  }

  private static InterlockState twoNeverMined() {
    InterlockState state = granted(of(BudgetClass.PENDING, "a", NOW, BRIEF), NOW);
    Instant second = NOW.plus(HOUR);
    return granted(state, of(BudgetClass.PENDING, "b", second, BRIEF), second);
  }

  @Test
  void aPendingClaimCountsAsNeverMinedFromTheEndOfItsPauseOn() {
    Instant end = NOW.plus(HOUR).plus(BRIEF);
    held(twoNeverMined(), of(BudgetClass.PENDING, "c", end, BRIEF), end, Why.NEVER_MINED);
    Instant before = end.minusSeconds(1);
    held(twoNeverMined(), of(BudgetClass.PENDING, "c", before, BRIEF), before, Why.IN_FORCE);
  }

  @Test
  void aPendingClaimCountsAsNeverMinedForADay() {
    Instant day = NOW.plus(DAY);
    Instant before = day.minusSeconds(1);
    held(twoNeverMined(), of(BudgetClass.PENDING, "c", before, BRIEF), before, Why.NEVER_MINED);
    granted(twoNeverMined(), of(BudgetClass.PENDING, "c", day, BRIEF), day);
  }

  @Test
  void pendingClaimsAboutAnotherTargetHoldNothing() {
    Instant later = NOW.plus(HOUR).plus(HOUR);
    Action elsewhere = at(ALDER, of(BudgetClass.PENDING, "c", later, BRIEF));
    granted(twoNeverMined(), elsewhere, later);
  }

  @Test
  void lettingGoForgivesTheClaimsOfItsGuardianOnly() {
    Instant later = NOW.plus(HOUR).plus(HOUR);
    Action next = of(BudgetClass.PENDING, "c", later, BRIEF);
    InterlockState foreign =
        Interlock.letGo(twoNeverMined(), Interlock.slotOf(by(account("other guardian"), next)));
    held(foreign, next, later, Why.NEVER_MINED);
    granted(Interlock.letGo(twoNeverMined(), Interlock.slotOf(next)), next, later);
  }

  @Test
  void tripsAreKeptForAMonthAndTheLastOfEachMandateForEver() {
    InterlockState state = granted(of(BudgetClass.DIRECT, "a", NOW, HOUR), NOW);
    Instant second = NOW.plus(HOUR);
    state = granted(state, of(BudgetClass.DIRECT, "b", second, HOUR), second);
    Instant third = second.plus(HOUR);
    state = granted(state, of(BudgetClass.DERIVED, "c", third, HOUR), third);
    Instant month = NOW.plus(HOUR).plus(Interlock.WINDOW);
    Action later = of(BudgetClass.LOCAL, "d", month, HOUR);
    assertThat(
            granted(
                    state,
                    of(BudgetClass.LOCAL, "d", month.minusSeconds(1), HOUR),
                    month.minusSeconds(1))
                .trips())
        .hasSize(4);
    assertThat(granted(state, later, month).trips())
        .extracting(Trip::permit)
        .doesNotContain(Permit.digest(of(BudgetClass.DIRECT, "a", NOW, HOUR)))
        .hasSize(3);
    Instant years = month.plus(Duration.ofDays(300));
    assertThat(granted(state, of(BudgetClass.LOCAL, "e", years, HOUR), years).trips())
        .as("the last of either mandate, and the new one")
        .hasSize(3);
  }

  @Test
  void aPermitThatIsTakenBackGivesBackOneUseOnly() {
    Action first = of(BudgetClass.DIRECT, "a", NOW, HOUR);
    Instant later = NOW.plus(HOUR);
    Action second = of(BudgetClass.DIRECT, "b", later, HOUR);
    InterlockState state = granted(granted(first, NOW), second, later);
    Hash32 slot = Interlock.slotOf(first).digest();
    assertThat(state.uses()).containsEntry(slot, 2);
    InterlockState back = Interlock.annulled(state, Permit.digest(second));
    assertThat(back.uses()).containsEntry(slot, 1);
    assertThat(back.spent()).containsExactly(Permit.digest(first));
    assertThat(back.trips()).extracting(Trip::permit).containsExactly(Permit.digest(first));
    assertThat(Interlock.annulled(back, Permit.digest(second))).isEqualTo(back);
  }

  @Test
  void thePausedTimeIsThatOfTheTargetWithinTheWindow() {
    InterlockState state = granted(of(BudgetClass.DIRECT, "a", NOW, HOUR), NOW);
    assertThat(Interlock.paused(state, BIRCH, NOW)).isEqualTo(HOUR);
    assertThat(Interlock.paused(state, ALDER, NOW)).isZero();
    Instant month = NOW.plus(Interlock.WINDOW);
    assertThat(Interlock.paused(state, BIRCH, month.plus(BRIEF))).isEqualTo(HOUR.minus(BRIEF));
    assertThat(Interlock.paused(state, BIRCH, month.plus(HOUR).plus(HOUR))).isZero();
  }

  @Test
  void whatUsesUpThePausedTimeToTheLastSecondIsGranted() {
    InterlockState state = granted(of(BudgetClass.DERIVED, "a", NOW, HOUR), NOW);
    Instant later = NOW.plus(DAY);
    Action next = of(BudgetClass.DERIVED, "b", later, HOUR);
    Action tight = bounded(next, HOUR.multipliedBy(4));
    granted(state, tight, later);
    held(state, bounded(next, HOUR.multipliedBy(4).minusNanos(2)), later, Why.PAUSED_TIME);
  }

  private static Action bounded(Action action, Duration cap) {
    return new Action(
        action.guardian(),
        action.mandateId(),
        action.trigger(),
        action.mandate(),
        new Action.Bounds(cap, 1),
        action.why());
  }

  @Test
  void withTheSameLeverWhatEndsAtTheSameTimeTakesNothingOver() {
    InterlockState decoy = granted(of(BudgetClass.DERIVED, "a", NOW, HOUR), NOW);
    held(decoy, of(BudgetClass.DIRECT, "b", NOW, HOUR), NOW, Why.IN_FORCE);
    granted(decoy, of(BudgetClass.DIRECT, "b", NOW, HOUR.plusNanos(1)), NOW);
  }

  @Test
  void ofSeveralPausesInForceTheLastToEndIsNamed() {
    AccountId other = account("other guardian");
    InterlockState state = granted(by(other, of(BudgetClass.DERIVED, "a", NOW, HOUR)), NOW);
    state = granted(state, by(other, of(BudgetClass.DIRECT, "b", NOW, DAY)), NOW);
    assertThat(Interlock.rule(state, of(BudgetClass.LOCAL, "c", NOW, HOUR), NOW))
        .isInstanceOfSatisfying(
            Ruling.Held.class,
            ruling -> assertThat(ruling.detail()).endsWith("paused until " + NOW.plus(DAY)));
  }

  @Test
  void theRestOfAPauseThatIsTakenOverIsNotCountedTwice() {
    InterlockState decoy = granted(of(BudgetClass.DERIVED, "a", NOW, HOUR), NOW);
    Duration two = HOUR.multipliedBy(2);
    Instant half = NOW.plus(HOUR.dividedBy(2));
    Action real = of(BudgetClass.DIRECT, "b", half, two);
    granted(decoy, bounded(real, two.plus(HOUR.dividedBy(2))), half);
    held(decoy, bounded(real, two.plus(HOUR.dividedBy(2)).minusNanos(1)), half, Why.PAUSED_TIME);
  }

  private static InterlockState done(InterlockState state, Permit permit, Instant at) {
    return Interlock.settled(
        state,
        permit,
        new Outcome.Done(new Outcome.Receipt(Effect.PAUSED, Hash32.ZERO, 5, at, "")));
  }

  @Test
  void aTakeoverEndsWhatItTookOverWhenItWasMinedAndNotBeforeItWasGranted() {
    InterlockState decoy = granted(of(BudgetClass.DERIVED, "a", NOW, HOUR), NOW);
    Instant then = NOW.plusSeconds(60);
    Action real = of(BudgetClass.DIRECT, "b", then, DAY);
    Permit permit = permit(decoy, real, then);
    InterlockState state = granted(decoy, real, then);
    assertThat(done(state, permit, then.plusSeconds(12)).trips().getFirst().span())
        .isEqualTo(new Span(NOW, then.plusSeconds(12)));
    assertThat(done(state, permit, NOW).trips().getFirst().span()).isEqualTo(new Span(NOW, then));
    assertThat(done(state, permit, then).trips().getLast()).isEqualTo(state.trips().getLast());
  }

  @Test
  void aTakeoverEndsNoOtherPause() {
    AccountId other = account("other guardian");
    Action elsewhere = at(ALDER, of(BudgetClass.DERIVED, "a", NOW, HOUR));
    InterlockState state = granted(elsewhere, NOW);
    Action real = of(BudgetClass.DIRECT, "b", NOW, HOUR);
    Permit permit = permit(state, real, NOW);
    state = granted(state, real, NOW);
    Instant later = NOW.plus(HOUR);
    InterlockState more = granted(state, of(BudgetClass.DIRECT, "c", later, HOUR), later);
    assertThat(done(more, permit, NOW.plusSeconds(12))).as("nor a later one").isEqualTo(more);
    InterlockState foreign = granted(by(other, of(BudgetClass.DERIVED, "d", NOW, HOUR)), NOW);
    assertThat(done(foreign, permit, NOW.plusSeconds(12))).isEqualTo(foreign);
  }
}
