package io.tocsin.detect;

import io.tocsin.base.Address;
import java.math.BigInteger;

/**
 * One movement of an asset in the frame with index {@code frame}; {@code from} is zero when the
 * asset is minted, {@code to} when it is burnt.
 */
public record Flow(Asset asset, Address from, Address to, BigInteger amount, int frame) {
  public Flow {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("a flow is not negative: " + amount);
    }
  }
}
