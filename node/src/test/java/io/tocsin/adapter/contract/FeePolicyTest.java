package io.tocsin.adapter.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.adapter.contract.ChainAccess.Market;
import io.tocsin.base.Gas;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FeePolicyTest {
  private final FeePolicy policy = new FeePolicy(Wei.gwei(2), Wei.gwei(10), Wei.gwei(100), 0.1);

  private Fees bid(long baseFee, long tip) {
    return policy.bid(new Market(Wei.gwei(baseFee), Wei.gwei(tip)));
  }

  @Test
  void leavesRoomForTheBaseFeeToDouble() {
    assertThat(bid(20, 3)).isEqualTo(new Fees(Wei.gwei(43), Wei.gwei(3)));
  }

  @Test
  void keepsTheTipWithinItsBounds() {
    assertThat(bid(20, 0).tip()).isEqualTo(Wei.gwei(2));
    assertThat(bid(20, 5_000).tip()).isEqualTo(Wei.gwei(10));
  }

  @Test
  void neverPaysMoreThanItsCap() {
    assertThat(bid(90, 3).cap()).isEqualTo(Wei.gwei(100));
  }

  @Test
  void refusesBoundsOutOfOrder() {
    assertThatThrownBy(() -> new FeePolicy(Wei.gwei(3), Wei.gwei(2), Wei.gwei(100), 0.1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesASenselessShare(double share) {
    assertThatThrownBy(() -> new FeePolicy(Wei.gwei(2), Wei.gwei(10), Wei.gwei(100), share))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("share");
  }

  @Test
  void aBidCostsAtMostItsShareOfTheValueAtRisk() {
    Gas gas = new Gas(500_000);
    Market market = new Market(Wei.gwei(20), Wei.gwei(3));
    Wei worth = new Wei(Wei.ether(1).amount().divide(BigInteger.TEN));
    FeePolicy bounded = policy.within(worth, gas);
    assertThat(bounded.maxCap()).as("a tenth of 0.1 ether for 500,000 gas").isEqualTo(Wei.gwei(20));
    Fees first = bounded.bid(market);
    assertThat(first.cap().times(gas.amount()).times(10)).isLessThanOrEqualTo(worth);
    assertThat(bounded.ladder(first, market)).isEmpty();
    assertThat(policy.within(Wei.ether(1_000), gas)).as("the policy binds first").isEqualTo(policy);
    assertThat(policy.within(Wei.ZERO, gas).bid(market)).isEqualTo(new Fees(Wei.ZERO, Wei.ZERO));
  }

  @Test
  void theUsualTipsStayBelowALowCap() {
    FeePolicy low = FeePolicy.capped(Wei.gwei(1), 0.5);
    assertThat(low).isEqualTo(new FeePolicy(Wei.gwei(1), Wei.gwei(1), Wei.gwei(1), 0.5));
    assertThat(FeePolicy.capped(Wei.gwei(5_000), 0.5).maxCap()).isEqualTo(Wei.gwei(5_000));
  }

  @Test
  void everyRungIsAnEighthAboveTheOneBefore() {
    Fees last = bid(20, 0);
    List<Fees> ladder = policy.ladder(last, new Market(Wei.gwei(20), Wei.ZERO));
    assertThat(ladder).hasSizeGreaterThan(5);
    for (Fees rung : ladder) {
      assertThat(rung.tip().times(8)).isGreaterThanOrEqualTo(last.tip().times(9));
      assertThat(rung.cap().times(8)).isGreaterThanOrEqualTo(last.cap().times(9));
      last = rung;
    }
    assertThat(last.tip()).isLessThanOrEqualTo(Wei.gwei(10));
    assertThat(last.cap()).isLessThanOrEqualTo(Wei.gwei(100));
  }

  @Test
  void theLadderFollowsTheBaseFeeAndEndsAtTheCap() {
    Fees sent = bid(5, 2);
    assertThat(policy.ladder(sent, new Market(Wei.gwei(40), Wei.ZERO)).getFirst().cap())
        .isGreaterThanOrEqualTo(Wei.gwei(82));
    assertThat(policy.ladder(bid(90, 3), new Market(Wei.gwei(90), Wei.ZERO))).isEmpty();
  }

  @Test
  void whatIsBeatenIsTheTipReallyPaid() {
    Market market = new Market(Wei.gwei(20), Wei.ZERO);
    Fees boast = new Fees(Wei.gwei(21), Wei.gwei(20));
    assertThat(FeePolicy.beats(new Fees(Wei.gwei(50), Wei.gwei(4)), boast, market)).isTrue();
    assertThat(FeePolicy.beats(new Fees(Wei.gwei(50), Wei.gwei(3)), boast, market))
        .as("the base fee may fall by an eighth, and then the boast pays 3.5 gwei")
        .isFalse();
    assertThat(FeePolicy.beats(boast, boast, market)).isFalse();
  }
}
