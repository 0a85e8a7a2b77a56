package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Hands admitted messages to their listeners, one after the other from one thread, each once and in
 * its author's order.
 *
 * <p>How far each author's messages were handed on is a cursor in the log, written when there is a
 * pause, after every 256 messages and on closing. Whatever lies beyond the cursor at the start is
 * handed on then: nothing is lost by a crash, and after one at most the last 256 messages come
 * again, so listeners are idempotent. The queue is bounded; when it is full the messages wait in
 * the log and are read back from there.
 */
final class Deliveries {
  /** About a second of work at a listener's 0.1 ms; beyond it the log is the queue. */
  private static final int CAPACITY = 8_192;

  private static final int CURSOR_EVERY = 256;
  private static final int PAGE = 64;

  private final EnvelopeStore store;
  private final Function<Bytes, Optional<Delivery>> reader;
  private final GossipLog log;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Delivery> queue = new ArrayDeque<>();
  private final ArrayDeque<Runnable> notices = new ArrayDeque<>();
  private boolean behind = true;

  // owned by the delivering thread
  private final Map<Address, Long> done;
  private final Map<Address, Long> unwritten = new HashMap<>();
  private int sinceCursor;

  Deliveries(EnvelopeStore store, Function<Bytes, Optional<Delivery>> reader, GossipLog log) {
    this.store = store;
    this.reader = reader;
    this.log = log;
    this.done = new HashMap<>(store.delivered());
  }

  /** Queues one message; the caller holds the author's lock and has it in the log. */
  void add(Delivery delivery) {
    lock.lock();
    try {
      if (behind || queue.size() >= CAPACITY) {
        behind = true;
      } else {
        queue.addLast(delivery);
      }
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Queues a rare word to the listeners' thread, ahead of the messages. */
  void notice(Runnable word) {
    lock.lock();
    try {
      notices.addLast(word);
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Hands on what there is, waiting for it up to {@code patience}; false after an idle wait. */
  boolean step(Duration patience) throws InterruptedException {
    Optional<Runnable> notice;
    Optional<Delivery> next = Optional.empty();
    boolean reload = false;
    lock.lockInterruptibly();
    try {
      long nanos = patience.toNanos();
      while (queue.isEmpty() && notices.isEmpty() && !behind && nanos > 0) {
        nanos = arrived.awaitNanos(nanos);
      }
      notice = Optional.ofNullable(notices.pollFirst());
      if (notice.isEmpty()) {
        next = Optional.ofNullable(queue.pollFirst());
        if (next.isEmpty() && behind) {
          behind = false;
          reload = true;
        }
      }
    } finally {
      lock.unlock();
    }
    if (notice.isPresent()) {
      tell(notice.get());
    } else if (reload) {
      catchUp();
    } else if (next.isPresent()) {
      hand(next.get());
    } else {
      writeCursors();
      return false;
    }
    return true;
  }

  /** Hands on everything that is there now. */
  void drain() {
    try {
      while (step(Duration.ofNanos(0))) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Runnable notice) {
    try {
      notice.run();
    } catch (RuntimeException e) {
      log.onOurFailure("telling of a contradiction", e);
    }
  }

  /**
   * Reads back what waits in the log. If that fails it is still there: what was queued meanwhile
   * stands after it in the order, so it is read back too, by the next step.
   */
  private void catchUp() {
    boolean complete = false;
    try {
      reload();
      complete = true;
    } finally {
      if (!complete) {
        fallBehind();
      }
    }
  }

  private void fallBehind() {
    lock.lock();
    try {
      queue.clear();
      behind = true;
    } finally {
      lock.unlock();
    }
  }

  private void reload() {
    for (Address author : store.heights().keySet()) {
      List<Bytes> page = store.after(author, done(author), PAGE, Frame.MAX_BYTES);
      while (!page.isEmpty()) {
        for (Bytes wire : page) {
          reader.apply(wire).ifPresentOrElse(this::hand, () -> skip(author, done(author) + 1));
        }
        page = store.after(author, done(author), PAGE, Frame.MAX_BYTES);
      }
    }
  }

  private long done(Address author) {
    return done.getOrDefault(author, 0L);
  }

  private void skip(Address author, long sequence) {
    log.onAuthorGone();
    advance(author, sequence);
  }

  private void hand(Delivery delivery) {
    if (delivery.sequence() <= done(delivery.author())) {
      return;
    }
    try {
      delivery.reading().hand();
      log.onDelivered();
    } catch (RuntimeException e) {
      log.onListenerFailure(delivery.author(), delivery.sequence(), e);
    }
    advance(delivery.author(), delivery.sequence());
  }

  private void advance(Address author, long sequence) {
    done.put(author, sequence);
    unwritten.put(author, sequence);
    if (++sinceCursor >= CURSOR_EVERY) {
      writeCursors();
    }
  }

  /** Makes durable how far the deliveries are. */
  void writeCursors() {
    if (!unwritten.isEmpty()) {
      store.delivered(Map.copyOf(unwritten));
      unwritten.clear();
    }
    sinceCursor = 0;
  }
}
