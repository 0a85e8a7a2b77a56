package io.tocsin.detect.evaluate;

import io.tocsin.detect.TraceFacts;

/**
 * The rule that everybody thinks of first, to compare with: the sender's side borrows for the
 * length of the transaction or makes a contract in it, and ends with a gain for which it gave
 * nothing.
 */
final class NaiveRule {
  private NaiveRule() {}

  static boolean fires(TraceFacts facts) {
    return !facts.gains().isEmpty()
        && facts.given().isEmpty()
        && (facts.makesContract() || facts.borrowed());
  }
}
