package io.tocsin.quorum;

import java.time.Duration;

/**
 * How long an attestor waits before it says no.
 *
 * @param settle how far the own head must be past a claimed block before a missing transaction
 *     counts as absent
 * @param giveUp how long after a claimed block a node that is still behind, or whose endpoints do
 *     not answer or agree, stops waiting
 * @param again when to look again in the meantime
 */
public record Patience(Duration settle, Duration giveUp, Duration again) {
  /** Two minutes past the block, ten minutes at most, every two seconds. */
  public static final Patience DEFAULT =
      new Patience(Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofSeconds(2));
}
