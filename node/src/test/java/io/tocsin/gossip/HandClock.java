package io.tocsin.gossip;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that is moved by hand. */
public final class HandClock implements InstantSource {
  private Instant now;

  /** A clock that stands at the beginning of 2026. */
  public HandClock() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** A clock that stands at {@code now}. */
  public HandClock(Instant now) {
    this.now = now;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /** Moves the time on. */
  public synchronized void pass(Duration time) {
    now = now.plus(time);
  }
}
