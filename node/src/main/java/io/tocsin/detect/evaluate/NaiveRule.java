package io.tocsin.detect.evaluate;

import io.tocsin.base.Address;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Flow;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * The rule that everybody thinks of first, to compare with: the sender's side borrows for the
 * length of the transaction or makes a contract in it, and ends with a gain for which it gave
 * nothing.
 */
final class NaiveRule {
  private record Debt(Address lender, Asset asset) {}

  private NaiveRule() {}

  static boolean fires(TraceFacts facts) {
    return !facts.gains().isEmpty()
        && facts.given().isEmpty()
        && (makesContract(facts) || borrows(facts));
  }

  private static boolean makesContract(TraceFacts facts) {
    return facts.trace().frames().stream()
        .anyMatch(f -> f.kind().creates() && !f.failed() && facts.controlled().contains(f.from()));
  }

  /** Whether somebody outside paid the sender's side and later got at least as much back. */
  private static boolean borrows(TraceFacts facts) {
    Map<Debt, BigInteger> lent = new HashMap<>();
    for (Flow flow : facts.flows()) {
      boolean in = facts.controlled().contains(flow.to());
      boolean out = facts.controlled().contains(flow.from());
      if (in && !out) {
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
