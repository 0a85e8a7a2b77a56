package io.tocsin.pipeline;

import io.tocsin.base.Hash32;
import io.tocsin.base.Threads;
import io.tocsin.chain.PendingTrials;
import io.tocsin.chain.PendingTrials.Trial;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Trials that were begun with the first sight of a transaction, so that they are under way when its
 * claim is judged. Each serves the head it was begun on, for a second: then the pool may be
 * another. Thread-safe; keeps the last {@value #KEPT}, and runs {@value #AT_ONCE} at most at one
 * time: what is seen beyond that is tried when it is judged.
 */
final class TrialMemo {
  private static final int KEPT = 64;
  private static final int AT_ONCE = 8;
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Semaphore room = new Semaphore(AT_ONCE);
  private final Map<Key, Begun> begun =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Begun> eldest) {
          return size() > KEPT;
        }
      };

  private record Key(Hash32 tx, Hash32 head) {}

  private record Begun(long nanos, CompletableFuture<Trial> trial) {
    boolean fresh() {
      return System.nanoTime() - nanos < FRESH.toNanos();
    }
  }

  /** Begins to try {@code tx} on {@code head}. */
  void begin(PendingTrials trials, Hash32 tx, Hash32 head) {
    CompletableFuture<Trial> trial = new CompletableFuture<>();
    synchronized (begun) {
      Begun before = begun.get(new Key(tx, head));
      if ((before != null && before.fresh()) || !room.tryAcquire()) {
        return;
      }
      begun.put(new Key(tx, head), new Begun(System.nanoTime(), trial));
    }
    Thread _ =
        Threads.start(
            "trial-ahead",
            () -> {
              try {
                trial.complete(trials.trial(tx));
              } catch (RuntimeException e) {
                trial.completeExceptionally(e);
              } finally {
                room.release();
              }
            });
  }

  /** The trial of {@code tx} on {@code head}: the one that was begun if it came to something. */
  Trial trial(PendingTrials trials, Hash32 tx, Hash32 head) {
    Begun before;
    synchronized (begun) {
      before = begun.get(new Key(tx, head));
    }
    if (before == null || !before.fresh()) {
      return trials.trial(tx);
    }
    Trial trial =
        before.trial().exceptionally(e -> new Trial.Unavailable(String.valueOf(e))).join();
    return trial instanceof Trial.Unavailable ? trials.trial(tx) : trial;
  }
}
