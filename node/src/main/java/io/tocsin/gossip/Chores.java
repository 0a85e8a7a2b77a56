package io.tocsin.gossip;

import io.tocsin.base.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The threads of an exchange, each of which does one thing again and again until it is closed. A
 * failure is logged, and after a second the thread goes on.
 */
final class Chores implements AutoCloseable {
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final GossipLog log;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  Chores(GossipLog log) {
    this.log = log;
  }

  /** One turn of a thread; it waits for its work by itself, a second at most. */
  @FunctionalInterface
  interface Chore {
    void turn() throws InterruptedException;
  }

  /** Starts a thread; {@code what} names its work in the log. */
  void start(String name, String what, Chore chore) {
    threads.add(Threads.start(name, () -> keepAt(what, chore)));
  }

  private void keepAt(String what, Chore chore) {
    try {
      while (closing.getCount() > 0) {
        if (!safely(what, chore)) {
          rest(AFTER_FAILURE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean safely(String what, Chore chore) throws InterruptedException {
    try {
      chore.turn();
      return true;
    } catch (RuntimeException e) {
      log.onOurFailure(what, e);
      return false;
    }
  }

  /** Waits, unless it is closed meanwhile. */
  void rest(Duration time) throws InterruptedException {
    var _ = closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Asks the threads to stop; {@link #close} waits for them. */
  void stop() {
    closing.countDown();
  }

  @Override
  public void close() {
    stop();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
