package io.tocsin.chain;

import io.tocsin.base.Wei;

/**
 * What a transaction bids for each unit of gas: {@code cap} at most in total, {@code tip} at most
 * to the block's producer (EIP-1559). In transactions without that distinction both are the gas
 * price.
 */
public record Fees(Wei cap, Wei tip) {
  /**
   * The tip that the producer gets at {@code baseFee}: min(tip, cap − base fee), never negative.
   */
  public Wei effectiveTip(Wei baseFee) {
    if (cap.compareTo(baseFee) <= 0) {
      return Wei.ZERO;
    }
    Wei room = new Wei(cap.amount().subtract(baseFee.amount()));
    return room.compareTo(tip) < 0 ? room : tip;
  }
}
