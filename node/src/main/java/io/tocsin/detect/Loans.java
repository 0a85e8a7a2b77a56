package io.tocsin.detect;

import io.tocsin.base.Address;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells whether somebody had funds lent for the length of a transaction. */
final class Loans {
  private record Debt(Address lender, Asset asset) {}

  private Loans() {}

  /** Whether someone paid {@code side} and, later, got at least as much back of the same asset. */
  static boolean taken(List<Flow> flows, Set<Address> side) {
    Map<Debt, BigInteger> lent = new HashMap<>();
    for (Flow flow : flows) {
      boolean in = side.contains(flow.to());
      boolean out = side.contains(flow.from());
      if (in && !out && !flow.from().equals(Address.ZERO)) {
        lent.merge(new Debt(flow.from(), flow.asset()), flow.amount(), BigInteger::add);
      } else if (out && !in) {
        BigInteger due = lent.get(new Debt(flow.to(), flow.asset()));
        if (due != null && flow.amount().compareTo(due) >= 0) {
          return true;
        }
      }
    }
    return false;
  }
}
