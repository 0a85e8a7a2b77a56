package io.tocsin.base;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that starts at another one's time and then only counts what passes: it never jumps, and
 * is right about how long something took, not about what time it is. Thread-safe.
 */
public final class SteadyClock implements InstantSource {
  private final Instant start;
  private final LongSupplier nanos;
  private final long first;

  /**
   * @param nanos the time that passes, from anywhere
   */
  SteadyClock(Instant start, LongSupplier nanos) {
    this.start = start;
    this.nanos = nanos;
    this.first = nanos.getAsLong();
  }

  /** A clock that starts now. */
  public static SteadyClock from(InstantSource wall) {
    return new SteadyClock(wall.instant(), System::nanoTime);
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos.getAsLong() - first);
  }
}
