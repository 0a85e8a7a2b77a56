package io.tocsin.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Judges whether an endpoint still announces pending transactions: not if none came for {@value
 * #SLOTS} slots while at least {@value #MINED} transactions were mined. Thread-safe.
 */
final class PendingPulse {
  private static final int SLOTS = 5;
  private static final int MINED = 32;

  private final Duration limit;
  private final InstantSource clock;
  private boolean hearing;
  private boolean quiet;
  private Instant last = Instant.EPOCH;
  private long mined;

  PendingPulse(Duration slot, InstantSource clock) {
    this.limit = slot.multipliedBy(SLOTS);
    this.clock = clock;
  }

  /** They are subscribed to from now on. */
  synchronized void begin() {
    hearing = true;
    last = clock.instant();
    mined = 0;
  }

  /** They are not subscribed to any more, so that none is missed. */
  synchronized void end() {
    hearing = false;
  }

  /** One came; true if they come again. */
  synchronized boolean announced() {
    begin();
    boolean again = quiet;
    quiet = false;
    return again;
  }

  /** So many transactions were mined; what to say, once, if none was announced meanwhile. */
  synchronized Optional<String> mined(int transactions) {
    mined += transactions;
    Duration since = Duration.between(last, clock.instant());
    if (!hearing || quiet || mined < MINED || since.compareTo(limit) <= 0) {
      return Optional.empty();
    }
    quiet = true;
    return Optional.of(
        "no pending transaction was announced for "
            + since.toMillis()
            + " ms, while "
            + mined
            + " were mined");
  }
}
