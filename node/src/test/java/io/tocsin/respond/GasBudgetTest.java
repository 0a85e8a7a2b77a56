package io.tocsin.respond;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Wei;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class GasBudgetTest {
  private static final Address KEY = Address.hex("0x00000000000000000000000000000000000000a1");
  private static final AccountId PAYER = new AccountId(ChainId.evm(1), KEY);

  private final GasBook book = GasBook.memory();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private GasBudget budget = open();

  private GasBudget open() {
    return new GasBudget(Wei.of(100), book, () -> now);
  }

  private boolean take(long nonce, long most) {
    return budget.take(PAYER, nonce, Wei.of(most), false).isEmpty();
  }

  private boolean takePending(long nonce, long most) {
    return budget.take(PAYER, nonce, Wei.of(most), true).isEmpty();
  }

  @Test
  void refusesWhatCouldExceedItAndSaysSo() {
    assertThat(take(0, 60)).isTrue();
    assertThat(budget.low(PAYER)).isEmpty();
    assertThat(take(1, 40)).isTrue();
    assertThat(budget.low(PAYER)).get().asString().contains("beyond it nothing is sent");
    assertThat(budget.take(PAYER, 2, Wei.of(1), false)).get().asString().contains("24 hours");
    assertThat(budget.left(PAYER)).isEqualTo(Wei.ZERO);
  }

  @Test
  void ofOneNonceOnlyTheHighestBidCounts() {
    assertThat(take(0, 60)).isTrue();
    assertThat(take(0, 90)).isTrue();
    assertThat(take(0, 70)).isTrue();
    assertThat(budget.left(PAYER)).isEqualTo(Wei.of(10));
    assertThat(take(0, 101)).as("not even by itself").isFalse();
    assertThat(budget.left(PAYER)).isEqualTo(Wei.of(10));
  }

  @Test
  void whatWasReallyPaidTakesThePlaceOfTheBid() {
    assertThat(take(0, 90)).isTrue();
    assertThat(take(1, 50)).isFalse();
    budget.paid(PAYER, 0, Wei.of(20));
    assertThat(take(1, 50)).isTrue();
    budget.paid(PAYER, 7, Wei.of(20));
    assertThat(budget.left(PAYER)).as("no bid was made with nonce 7").isEqualTo(Wei.of(30));
  }

  @Test
  void theWindowSlides() {
    assertThat(take(0, 60)).isTrue();
    now = now.plus(Duration.ofHours(12));
    assertThat(take(1, 40)).isTrue();
    now = now.plus(Duration.ofHours(12));
    assertThat(take(2, 1)).as("exactly a day ago still counts").isFalse();
    now = now.plusMillis(1);
    assertThat(take(2, 60)).isTrue();
    assertThat(take(3, 1)).isFalse();
  }

  @Test
  void attacksThatAreWithdrawnUseUpHalfOfIt() {
    for (int decoy = 0; decoy < 5; decoy++) {
      assertThat(takePending(decoy, 10)).isTrue();
    }
    assertThat(takePending(5, 1)).isFalse();
    assertThat(take(5, 50)).as("what was mined has the other half").isTrue();
    assertThat(take(0, 11)).as("a decoy's pause does not climb into it").isFalse();
  }

  @Test
  void aRestartForgetsNothing() {
    assertThat(take(0, 100)).isTrue();
    budget = open();
    assertThat(take(1, 1)).isFalse();
  }

  @Test
  void eachChainHasItsOwn() {
    assertThat(take(0, 100)).isTrue();
    AccountId elsewhere = new AccountId(ChainId.evm(10), KEY);
    assertThat(budget.take(elsewhere, 0, Wei.of(100), false)).isEmpty();
  }

  @Test
  void itIsLowWithLessThanAQuarterLeft() {
    assertThat(take(0, 75)).isTrue();
    assertThat(budget.low(PAYER)).isEmpty();
    assertThat(take(1, 1)).isTrue();
    assertThat(budget.low(PAYER)).isPresent();
  }

  @Test
  void whatIsPaidIsPaidOnceAndDatedByItsBid() {
    assertThat(take(0, 50)).isTrue();
    now = now.plus(Duration.ofHours(20));
    budget.paid(PAYER, 0, Wei.of(30));
    budget.paid(PAYER, 0, Wei.of(1));
    assertThat(budget.left(PAYER)).isEqualTo(Wei.of(70));
    now = now.plus(Duration.ofHours(5));
    assertThat(budget.left(PAYER)).as("a day after the bid").isEqualTo(Wei.of(100));
  }

  @Test
  void whoPaidMoreThanAllOfItHasNothingLeft() {
    assertThat(take(0, 90)).isTrue();
    budget.paid(PAYER, 0, Wei.of(120));
    assertThat(budget.left(PAYER)).isEqualTo(Wei.ZERO);
  }

  @Test
  void aRefusalSaysOfWhatAndHowMuch() {
    Wei ether = new Wei(BigInteger.TEN.pow(18));
    GasBudget two = new GasBudget(ether.times(2), GasBook.memory(), () -> now);
    assertThat(two.take(PAYER, 0, ether.times(3), false))
        .contains(
            PAYER + " may spend 2 ether on gas within 24 hours, and with this bid it could be 3");
    assertThat(two.take(PAYER, 0, ether.times(2), true))
        .contains(
            PAYER
                + " may spend 1 ether on gas against pending attacks within 24 hours, and with this"
                + " bid it could be 2");
  }

  @Test
  void aPersonsOwnCommandsHaveNoEndOfIt() {
    GasBudget unlimited = GasBudget.unlimited();
    assertThat(unlimited.take(PAYER, 0, new Wei(BigInteger.TEN.pow(30)), false)).isEmpty();
    assertThat(unlimited.low(PAYER)).isEmpty();
  }
}
