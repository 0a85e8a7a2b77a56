package io.tocsin.chain;

import java.util.Set;

/** Whether independent endpoints say the same about a block and a trace. Only Agreed may act. */
public sealed interface Agreement {
  /**
   * A majority of the chain's endpoints, at least two, of at least two named operators, gave the
   * same block hash and trace, with receipts that match it.
   */
  record Agreed(int endpoints, Set<String> operators) implements Agreement {
    public Agreed {
      operators = Set.copyOf(operators);
      if (endpoints < 2 || operators.size() < 2) {
        throw new IllegalArgumentException("agreement takes two endpoints of two operators");
      }
    }
  }

  /** They do not, or there are too few; {@code reason} says which. Good for showing only. */
  record Lacking(String reason) implements Agreement {}

  /** Whether it is Agreed. */
  default boolean agreed() {
    return this instanceof Agreed;
  }
}
