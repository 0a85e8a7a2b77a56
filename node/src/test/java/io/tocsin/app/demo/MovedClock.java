package io.tocsin.app.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** The system's clock, put forward by hand. Thread-safe. */
final class MovedClock implements InstantSource {
  private final InstantSource system = InstantSource.system();
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  @Override
  public Instant instant() {
    return system.instant().plus(ahead.get());
  }

  /** Makes it {@code time} now. */
  void set(Instant time) {
    ahead.set(Duration.between(system.instant(), time));
  }
}
