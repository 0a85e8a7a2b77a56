package io.tocsin.base;

/** A non-negative amount of EVM gas. */
public record Gas(long amount) implements Comparable<Gas> {
  public Gas {
    if (amount < 0) {
      throw new IllegalArgumentException("gas is not negative: " + amount);
    }
  }

  @Override
  public int compareTo(Gas other) {
    return Long.compare(amount, other.amount);
  }

  @Override
  public String toString() {
    return amount + " gas";
  }
}
