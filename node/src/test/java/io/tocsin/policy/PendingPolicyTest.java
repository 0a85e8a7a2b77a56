package io.tocsin.policy;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.decide;
import static io.tocsin.policy.PolicySamples.local;
import static io.tocsin.policy.PolicySamples.mandate;
import static io.tocsin.policy.PolicySamples.mined;
import static io.tocsin.policy.PolicySamples.pending;
import static io.tocsin.policy.PolicySamples.protection;
import static io.tocsin.policy.PolicySamples.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.policy.Case.Occasion;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An own sighting buys no more than a certificate would while the attack is not mined. */
final class PendingPolicyTest {
  private static void tooLong(Protection protection, Occasion occasion) {
    assertThat(decide(protection, occasion))
        .isInstanceOfSatisfying(
            Decision.Alert.class,
            alert -> assertThat(alert.reason()).isEqualTo(Reason.TOO_LONG_FOR_PENDING));
  }

  private static void acts(Protection protection, Occasion occasion) {
    assertThat(decide(protection, occasion)).isInstanceOf(Decision.Act.class);
  }

  @Test
  void rule6DefendsItselfOnAPendingClaimForNoLongerThanAPendingOne() {
    Occasion occasion = local(pending(BIRCH, "tx"));
    tooLong(protection(), occasion);
    acts(defending(Duration.ofMinutes(5), 12), occasion);
    acts(defending(Duration.ofSeconds(50), 2), occasion);
    tooLong(defending(Duration.ofSeconds(51), 2), occasion);
    tooLong(defending(Duration.ofMinutes(11), 60), occasion);
  }

  @Test
  void rule3DefendsItselfForLongerOnceTheAttackIsMined() {
    acts(protection(), local(mined(BIRCH)));
  }

  private static Protection defending(Duration duration, int blockTime) {
    Mandate base = mandate(BudgetClass.LOCAL);
    Limits l = base.limits();
    Protection p =
        protection(
            terms(),
            new Mandate(
                base.name(),
                base.id(),
                base.budgetClass(),
                base.lever(),
                new Limits(l.maxAge(), l.uses(), l.cooldown(), duration, l.expiry()),
                base.judgement()));
    return new Protection(
        p.interest(),
        p.guard(),
        p.sourceChains(),
        Duration.ofSeconds(blockTime),
        p.valuation(),
        p.mandates());
  }
}
