package io.tocsin.policy;

import io.tocsin.identity.Rosters;
import java.time.Instant;

/**
 * The epoch in force when a decision is made.
 *
 * @param since when it came into force
 */
public record Epochs(long current, Instant since) {
  /** Whether an action may rest on a certificate of {@code epoch}. */
  public boolean actionable(long epoch, Instant now) {
    return epoch == current || (epoch == current - 1 && now.isBefore(since.plus(Rosters.GRACE)));
  }
}
