package io.tocsin.adapter.contract;

import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;

/**
 * What a transaction may cost a unit of gas. The tip is what endpoints suggest, at least {@code
 * minTip} and at most {@code maxTip}; the cap leaves room for the base fee to double, up to {@code
 * maxCap}.
 */
public record FeePolicy(Wei minTip, Wei maxTip, Wei maxCap) {
  /** Tips from 2 to 100 gwei, in all at most 1,000 gwei. */
  public static final FeePolicy DEFAULT =
      new FeePolicy(Wei.gwei(2), Wei.gwei(100), Wei.gwei(1_000));

  public FeePolicy {
    if (minTip.compareTo(maxTip) > 0 || maxTip.compareTo(maxCap) > 0) {
      throw new IllegalArgumentException(
          "expected least tip <= highest tip <= highest cap, found "
              + minTip
              + ", "
              + maxTip
              + ", "
              + maxCap);
    }
  }

  /** The bid in this market. */
  public Fees bid(ChainAccess.Market market) {
    Wei tip = min(max(market.tip(), minTip), maxTip);
    Wei cap = min(market.baseFee().times(2).plus(tip), maxCap);
    return new Fees(cap, tip);
  }

  private static Wei min(Wei a, Wei b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Wei max(Wei a, Wei b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
