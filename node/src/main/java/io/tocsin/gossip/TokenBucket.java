package io.tocsin.gossip;

import java.time.Duration;
import java.time.Instant;

/**
 * An allowance that refills with time. Owned by one thread or guarded by its owner's lock.
 *
 * <p>A clock that steps back refills nothing and takes nothing away.
 */
public final class TokenBucket {
  private static final double NANOS = 1e9;

  private final Rate rate;
  private double tokens;
  private Instant filled;

  /** A full bucket at {@code now}. */
  public TokenBucket(Rate rate, Instant now) {
    this.rate = rate;
    this.tokens = rate.burst();
    this.filled = now;
  }

  /**
   * How much is allowed.
   *
   * @param burst what may be taken at once after a pause
   * @param perSecond what comes back each second
   */
  public record Rate(long burst, long perSecond) {
    public Rate {
      if (burst <= 0 || perSecond <= 0) {
        throw new IllegalArgumentException("a rate must be positive");
      }
    }
  }

  /** How much could be taken now. */
  public long left(Instant now) {
    fill(now);
    return (long) tokens;
  }

  /** Takes {@code amount}, or nothing and answers false if there is less. */
  public boolean take(long amount, Instant now) {
    fill(now);
    if (tokens < amount) {
      return false;
    }
    tokens -= amount;
    return true;
  }

  private void fill(Instant now) {
    if (now.isAfter(filled)) {
      double seconds = Duration.between(filled, now).toNanos() / NANOS;
      tokens = Math.min((double) rate.burst(), tokens + seconds * rate.perSecond());
      filled = now;
    }
  }
}
