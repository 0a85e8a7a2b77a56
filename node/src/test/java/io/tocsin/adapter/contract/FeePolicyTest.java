package io.tocsin.adapter.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.adapter.contract.ChainAccess.Market;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import org.junit.jupiter.api.Test;

final class FeePolicyTest {
  private final FeePolicy policy = new FeePolicy(Wei.gwei(2), Wei.gwei(10), Wei.gwei(100));

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
    assertThatThrownBy(() -> new FeePolicy(Wei.gwei(3), Wei.gwei(2), Wei.gwei(100)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
