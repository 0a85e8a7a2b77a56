package io.tocsin.pipeline;

import io.tocsin.pipeline.Stakes.Stake;
import java.time.Duration;
import java.time.Instant;

/** Counts what is left undone for want of room, and calls people once a minute. Thread-safe. */
final class Overload {
  private static final Duration APART = Duration.ofMinutes(1);

  private final Records records;
  private Instant next = Instant.MIN;

  Overload(Records records) {
    this.records = records;
  }

  /** {@code what}, on which {@code stake} hangs, is left undone. */
  void shed(Stake stake, String what) {
    records.count("tocsin_shed_total", stake.name());
    Instant now = records.clock().instant();
    boolean tell;
    synchronized (this) {
      tell = !now.isBefore(next);
      next = tell ? now.plus(APART) : next;
    }
    if (tell) {
      String text = "there is more to do than can be done; left undone first: " + what;
      records.log().overloaded(text);
      records.call(Pager.Why.OVERLOADED, text);
    }
  }
}
