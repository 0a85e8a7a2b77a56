package io.tocsin.identity;

/** The outcome of counting signatures against a roster. */
public sealed interface Poll {
  /** A quorum signed. */
  record Carried(long weight) implements Poll {}

  /** It does not count. */
  record Faulty(PollFault fault, String detail) implements Poll {}
}
