package io.tocsin.base;

import java.math.BigDecimal;
import java.math.BigInteger;

/** A non-negative amount of a chain's native currency, in wei (10^-18 ether). */
public record Wei(BigInteger amount) implements Comparable<Wei> {
  /** Nothing. */
  public static final Wei ZERO = new Wei(BigInteger.ZERO);

  public Wei {
    if (amount.signum() < 0 || amount.bitLength() > 256) {
      throw new IllegalArgumentException("an amount of wei is a uint256, not " + amount);
    }
  }

  /** {@code amount} wei. */
  public static Wei of(long amount) {
    return new Wei(BigInteger.valueOf(amount));
  }

  /** {@code amount} gwei (10^9 wei). */
  public static Wei gwei(long amount) {
    return new Wei(BigInteger.valueOf(amount).multiply(BigInteger.TEN.pow(9)));
  }

  /** {@code amount} ether (10^18 wei). */
  public static Wei ether(long amount) {
    return new Wei(BigInteger.valueOf(amount).multiply(BigInteger.TEN.pow(18)));
  }

  /** The sum. */
  public Wei plus(Wei other) {
    return new Wei(amount.add(other.amount));
  }

  /** The product. */
  public Wei times(long factor) {
    return new Wei(amount.multiply(BigInteger.valueOf(factor)));
  }

  /** The amount in ether, exact. */
  public BigDecimal toEther() {
    return new BigDecimal(amount, 18).stripTrailingZeros();
  }

  @Override
  public int compareTo(Wei other) {
    return amount.compareTo(other.amount);
  }

  @Override
  public String toString() {
    return amount + " wei";
  }
}
