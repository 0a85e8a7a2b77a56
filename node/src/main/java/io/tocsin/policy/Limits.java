package io.tocsin.policy;

import java.time.Duration;
import java.time.Instant;

/**
 * The bounds of a mandate, in whole seconds on chain.
 *
 * @param maxAge how old a claim may be; zero for the local class
 * @param uses how often it may trip in its life
 * @param cooldown from one trip to the next
 * @param duration how long a trip pauses
 * @param expiry when the mandate ends
 */
public record Limits(
    Duration maxAge, int uses, Duration cooldown, Duration duration, Instant expiry) {
  /** The age of a claim beyond which nothing is done, unless the owner sets another. */
  public static final Duration MAX_AGE = Duration.ofMinutes(30);

  public Limits {
    if (maxAge.isNegative() || cooldown.isNegative() || duration.isNegative() || uses < 0) {
      throw new IllegalArgumentException("limits are not negative");
    }
  }
}
