package io.tocsin.app.demo;

import io.tocsin.base.Threads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Has builders mine at every full slot of the clock, all at the same moment. */
final class Metronome implements AutoCloseable {
  private final List<BlockBuilder> builders;
  private final InstantSource clock;
  private final Duration slot;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread ticking;

  private Metronome(List<BlockBuilder> builders, InstantSource clock, Duration slot) {
    this.builders = List.copyOf(builders);
    this.clock = clock;
    this.slot = slot;
    this.ticking = Threads.start("metronome", this::tick);
  }

  /** Starts mining every {@code slot}, a block's time being that of the clock. */
  static Metronome start(List<BlockBuilder> builders, InstantSource clock, Duration slot) {
    return new Metronome(builders, clock, slot);
  }

  private void tick() {
    try {
      while (!stopping.await(untilSlot(), TimeUnit.MILLISECONDS)) {
        Instant time = clock.instant();
        try (var pool = Threads.virtual("mining")) {
          builders.forEach(
              builder -> {
                var _ = pool.submit(() -> builder.mine(time));
              });
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long untilSlot() {
    return slot.toMillis() - clock.millis() % slot.toMillis();
  }

  /** Stops; blocks being made are finished. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      ticking.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
