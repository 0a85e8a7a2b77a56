package io.tocsin.respond;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.MAIN;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.account;
import static io.tocsin.policy.PolicySamples.hash;
import static io.tocsin.respond.InterlockTest.action;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.policy.Action;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Trigger;
import io.tocsin.quorum.SampleCertificates;
import io.tocsin.respond.InterlockState.Slot;
import io.tocsin.respond.InterlockState.Span;
import io.tocsin.respond.Ruling.Why;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The gate keeps what the interlock says, and every word of a person or of the chain changes it.
 */
final class GateTest {
  private static final Action ACTION = action(BudgetClass.DIRECT, "a", NOW);

  private final List<InterlockState> saved = new ArrayList<>();
  private final Gate gate = new Gate(book(InterlockState.EMPTY));

  private InterlockBook book(InterlockState before) {
    return new InterlockBook() {
      @Override
      public InterlockState load() {
        return before;
      }

      @Override
      public void save(InterlockState state) {
        saved.add(state);
      }
    };
  }

  private Permit granted() {
    if (gate.rule(ACTION, NOW) instanceof Ruling.Granted(Permit permit, var next)) {
      assertThat(gate.state()).isEqualTo(next);
      return permit;
    }
    throw new AssertionError("held");
  }

  private void becomes(InterlockState state) {
    assertThat(gate.state()).isEqualTo(state);
    assertThat(saved.getLast()).isEqualTo(state);
  }

  @Test
  void aPermitIsFoundAgainAndNoOther() {
    assertThat(gate.granted(ACTION)).isEmpty();
    Permit permit = granted();
    assertThat(gate.granted(ACTION)).contains(permit);
    assertThat(gate.granted(action(BudgetClass.DIRECT, "b", NOW))).isEmpty();
  }

  @Test
  void whatWasNeverTriedIsTakenBack() {
    Permit permit = granted();
    gate.annul(permit.digest());
    becomes(InterlockState.EMPTY);
  }

  @Test
  void aRefusedOutcomeGivesThePermitBack() {
    Permit permit = granted();
    gate.settled(permit, new Outcome.Refused(Outcome.Refusal.REVERTED, "reverted"));
    becomes(InterlockState.EMPTY);
  }

  @Test
  void aReleaseEndsTheTripsOfItsTargetOnly() {
    granted();
    InterlockState before = gate.state();
    gate.released(account("elsewhere"), NOW.plusSeconds(60));
    assertThat(gate.state()).isEqualTo(before);
    gate.released(BIRCH, NOW.plusSeconds(60));
    becomes(Interlock.released(before, BIRCH, NOW.plusSeconds(60)));
    assertThat(gate.state().trips().getFirst().span())
        .isEqualTo(new Span(NOW, NOW.plusSeconds(60)));
  }

  @Test
  void aPendingTransactionThatIsMinedCountsAsMined() {
    gate.rule(action(BudgetClass.PENDING, "p", NOW), NOW);
    assertThat(gate.state().trips().getFirst().cause().mined()).isFalse();
    gate.mined(MAIN, hash("other"));
    gate.mined(io.tocsin.base.ChainId.evm(10), hash("p"));
    assertThat(gate.state().trips().getFirst().cause().mined()).isFalse();
    gate.mined(MAIN, hash("p"));
    assertThat(gate.state().trips().getFirst().cause().mined()).isTrue();
    assertThat(saved).last().isEqualTo(gate.state());
  }

  @Test
  void aHoldAndAnApprovalAreKept() {
    Slot slot = Interlock.slotOf(ACTION);
    gate.hold(slot, NOW, "a person said so");
    InterlockState held = gate.state();
    assertThat(held.holds())
        .containsExactly(new InterlockState.HumanHold(slot, NOW, "a person said so"));
    gate.hold(slot, NOW.plusSeconds(1), "again");
    becomes(held);
    gate.letGo(slot);
    becomes(InterlockState.EMPTY);
    gate.approve(Permit.digest(ACTION));
    assertThat(gate.state().approved()).containsExactly(Permit.digest(ACTION));
    assertThat(saved).hasSize(3);
  }

  @Test
  void lettingOneMandateGoLeavesOthersHeld() {
    Slot slot = Interlock.slotOf(ACTION);
    Slot otherMandate = new Slot(slot.guardian(), hash("other"), slot.budgetClass());
    Slot otherGuardian = new Slot(account("other"), slot.mandate(), slot.budgetClass());
    for (Slot one : List.of(slot, otherMandate, otherGuardian)) {
      gate.hold(one, NOW, "why");
    }
    gate.letGo(slot);
    assertThat(gate.state().holds())
        .extracting(InterlockState.HumanHold::slot)
        .containsExactly(otherMandate, otherGuardian);
  }

  @Test
  void everyBudgetHasANameOfItsOwn() {
    Slot slot = Interlock.slotOf(ACTION);
    assertThat(
            Stream.of(
                slot.digest(),
                new Slot(account("other"), slot.mandate(), slot.budgetClass()).digest(),
                new Slot(slot.guardian(), hash("other"), slot.budgetClass()).digest(),
                new Slot(slot.guardian(), slot.mandate(), BudgetClass.LOCAL).digest()))
        .doesNotHaveDuplicates();
  }

  @Test
  void aSpanDoesNotEndBeforeItBegins() {
    assertThat(new Span(NOW, NOW).to()).isEqualTo(NOW);
    assertThatThrownBy(() -> new Span(NOW, NOW.minusNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Permit permit(Claim claim) {
    Action base = ACTION;
    return new Permit(
        new Action(
            base.guardian(),
            base.mandateId(),
            new Trigger.Certified(SampleCertificates.of(claim, 7), List.of()),
            base.mandate(),
            base.bounds(),
            base.why()),
        NOW);
  }

  @Test
  void permitsAreEqualByActionAndTimeAndNamedByTheirDigest() {
    Permit permit = new Permit(ACTION, NOW);
    assertThat(permit)
        .isEqualTo(new Permit(ACTION, NOW))
        .hasSameHashCodeAs(new Permit(ACTION, NOW))
        .hasToString("Permit[" + permit.digest() + "]")
        .isNotEqualTo(new Permit(ACTION, NOW.plusSeconds(1)))
        .isNotEqualTo(new Permit(action(BudgetClass.DIRECT, "b", NOW), NOW))
        .isNotEqualTo(ACTION);
    assertThat(permit.granted()).isEqualTo(NOW);
    assertThat(permit.action()).isEqualTo(ACTION);
    assertThat(permit.hashCode())
        .isNotEqualTo(new Permit(action(BudgetClass.DIRECT, "b", NOW), NOW).hashCode());
  }

  @Test
  void everyKindOfClaimHasADigestOfItsOwn() {
    Hash32 same = hash("a");
    List<Hash32> digests =
        Stream.of(
                ACTION.trigger().claim(),
                action(BudgetClass.PENDING, "a", NOW).trigger().claim(),
                new Claim.AllClear(same, MAIN, hash("b")),
                new Claim.AllClear(hash("c"), MAIN, hash("b")),
                new Claim.RosterChanged(3, same),
                new Claim.RosterChanged(3, hash("c")))
            .map(claim -> permit(claim).digest())
            .toList();
    assertThat(digests).doesNotHaveDuplicates();
    assertThat(permit(ACTION.trigger().claim()).digest()).isEqualTo(Permit.digest(ACTION));
    Action local =
        new Action(
            ACTION.guardian(),
            ACTION.mandateId(),
            new Trigger.Local(ACTION.trigger().claim(), List.of()),
            ACTION.mandate(),
            ACTION.bounds(),
            ACTION.why());
    assertThat(Permit.digest(local)).as("an own sighting").isNotEqualTo(Permit.digest(ACTION));
  }

  @Test
  void onlyWhatAPersonCanLetGoOnWaitsForOne() {
    assertThat(Stream.of(Why.values()).filter(Why::waitsForHuman))
        .containsExactly(Why.HUMAN_HOLD, Why.AWAITING_APPROVAL, Why.NEVER_MINED);
  }

  @Test
  void onlyWhatAPauseHoldsBackRestsOnIt() {
    assertThat(Stream.of(Why.values()).filter(Why::restsOnPause))
        .containsExactly(Why.IN_FORCE, Why.PAUSED_TIME);
  }

  @Test
  void everyReasonIsSaidInWordsOfItsOwn() {
    assertThat(Stream.of(Why.values()).map(Why::rule))
        .allMatch(rule -> rule.contains(" "))
        .doesNotHaveDuplicates();
  }

  @Test
  void whoGivesNoOrdersGivesNone() {
    assertThat(OrderBook.NONE.given()).isEmpty();
  }

  @Test
  void aSentBookKeepsWhatWasSignedInItsOrder() {
    SentBook book = SentBook.memory();
    SentBook.Sent first = new SentBook.Sent(hash("k"), account("us"), 4, hash("1"));
    SentBook.Sent raised = new SentBook.Sent(hash("k"), account("us"), 4, hash("2"));
    SentBook.Sent next = new SentBook.Sent(hash("l"), account("us"), 3, hash("3"));
    SentBook.Sent foreign = new SentBook.Sent(hash("m"), account("them"), 9, hash("4"));
    assertThat(book.of(hash("k"))).isEmpty();
    for (SentBook.Sent sent : List.of(first, raised, next, foreign)) {
      book.record(sent);
    }
    assertThat(book.all(hash("k"))).containsExactly(first, raised);
    assertThat(book.of(hash("k"))).contains(raised);
    assertThat(book.from(account("us"), 3)).containsExactly(next, first, raised);
    assertThat(book.from(account("us"), 4)).containsExactly(first, raised);
    assertThat(book.from(account("us"), 5)).isEmpty();
    book.record(first);
    assertThat(book.all(hash("k"))).as("written down anew").containsExactly(raised, first);
    book.forget(first);
    assertThat(book.of(hash("k"))).isEqualTo(Optional.of(raised));
  }

  @Test
  void aPauseThatEndedBeforeItWasTakenBackIsLeftAsItWas() {
    granted();
    InterlockState.Trip trip = gate.state().trips().getFirst();
    assertThat(trip.endedBy(NOW.plus(Duration.ofDays(30)))).isEqualTo(trip);
    assertThat(trip.endedBy(NOW.minusSeconds(60)).span()).isEqualTo(new Span(NOW, NOW));
  }
}
