package io.tocsin.detect;

import java.math.BigInteger;

/**
 * What a victim lost of one asset, net, in the asset's smallest unit. {@code shareOfBalance} (0 to
 * 1) is the share of what it held before, 0 when that is not known.
 */
public record Loss(Asset asset, BigInteger amount, double shareOfBalance) {
  public Loss {
    if (amount.signum() <= 0) {
      throw new IllegalArgumentException("a loss is positive, not " + amount);
    }
    if (!(shareOfBalance >= 0 && shareOfBalance <= 1)) {
      throw new IllegalArgumentException("a share is from 0 to 1, not " + shareOfBalance);
    }
  }
}
