package io.tocsin.identity;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** When a roster is in force: from {@code from} (inclusive) to {@code until} (exclusive). */
public record Term(Instant from, Instant until) {
  public Term {
    if (!whole(from) || !whole(until) || from.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException("a term is given in whole seconds since 1970");
    }
    if (!from.isBefore(until)) {
      throw new IllegalArgumentException("a term ends after it begins: " + from + " to " + until);
    }
  }

  private static boolean whole(Instant time) {
    return time.equals(time.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Whether {@code now} lies within. */
  public boolean contains(Instant now) {
    return !now.isBefore(from) && now.isBefore(until);
  }
}
