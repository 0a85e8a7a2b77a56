package io.tocsin.respond;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.MAIN;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.hash;
import static io.tocsin.respond.InterlockTest.action;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.policy.Action;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Trigger;
import io.tocsin.quorum.SampleCertificates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class InterlockBoundsTest {
  private static final List<BudgetClass> CLASSES = List.of(BudgetClass.values());
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void thePermitsDigestDoesNotDependOnTheCertificate() {
    Action one = action(BudgetClass.DIRECT, "a", NOW);
    Action other =
        new Action(
            one.guardian(),
            one.mandateId(),
            new Trigger.Certified(
                SampleCertificates.of(one.trigger().claim(), 8), List.of(hash("proof"))),
            one.mandate(),
            one.bounds(),
            "other words");
    assertThat(Permit.digest(other)).isEqualTo(Permit.digest(one));
    assertThat(Permit.digest(action(BudgetClass.DIRECT, "b", NOW)))
        .isNotEqualTo(Permit.digest(one));
    assertThat(Permit.digest(action(BudgetClass.DERIVED, "a", NOW)))
        .isNotEqualTo(Permit.digest(one));
  }

  @Test
  void noSequenceEverBreaksABound() {
    for (long seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      InterlockState state = InterlockState.EMPTY;
      Instant now = NOW;
      List<Permit> permits = new ArrayList<>();
      for (int step = 0; step < 120; step++) {
        now = now.plusSeconds(random.nextInt(12 * 3_600));
        BudgetClass budgetClass = CLASSES.get(random.nextInt(4));
        Limits limits =
            new Limits(
                Limits.MAX_AGE,
                8,
                HOUR,
                budgetClass == BudgetClass.PENDING ? Duration.ofMinutes(5) : HOUR,
                NOW.plus(Duration.ofDays(3_000)));
        Action action = action(budgetClass, "tx" + random.nextInt(60), now, limits, Approval.NONE);
        Ruling ruling = Interlock.rule(state, action, now);
        assertThat(Interlock.rule(state, action, now)).isEqualTo(ruling);
        state = ruling.next();
        if (ruling instanceof Ruling.Granted(Permit permit, var _)) {
          assertThat(permits.stream().map(Permit::digest)).doesNotContain(permit.digest());
          permits.add(permit);
        }
        switch (random.nextInt(6)) {
          case 0 -> state = Interlock.mined(state, MAIN, hash("tx" + random.nextInt(60)));
          case 1 -> state = Interlock.released(state, BIRCH, now);
          case 2 -> state = Interlock.letGo(state, Interlock.slotOf(action));
          default -> {}
        }
        assertThat(Interlock.paused(state, BIRCH, now)).isLessThanOrEqualTo(Duration.ofDays(3));
        assertThat(state.uses().values()).allMatch(n -> n > 0 && n <= 8);
        assertThat(state.spent()).hasSize(permits.size());
      }
      assertThat(permits).isNotEmpty();
    }
  }

  @Test
  void theGateKeepsTheStateBeforeItAnswers() {
    List<InterlockState> saved = new ArrayList<>();
    InterlockBook book =
        new InterlockBook() {
          @Override
          public InterlockState load() {
            return saved.isEmpty() ? InterlockState.EMPTY : saved.getLast();
          }

          @Override
          public void save(InterlockState state) {
            saved.add(state);
          }
        };
    Action action = action(BudgetClass.DIRECT, "a", NOW);
    Ruling ruling = new Gate(book).rule(action, NOW);
    assertThat(saved).containsExactly(ruling.next());
    assertThat(new Gate(book).rule(action, NOW)).isInstanceOf(Ruling.Held.class);
    assertThat(saved).hasSize(1);
  }
}
