package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Hands admitted messages to their listeners, one after the other from one thread, each once and in
 * its author's order. Authors take turns, one message each: whatever one of them sends, at most one
 * message of each other author goes before the next of anyone.
 *
 * <p>How far each author's messages were handed on is a cursor in the log, written when there is a
 * pause, after every 256 messages and on closing. Whatever lies beyond the cursor at the start is
 * handed on then: nothing is lost by a crash, and after one at most the last 256 messages come
 * again, so listeners are idempotent. What waits is bounded: an author may have as many messages
 * waiting as there is room left; the rest of its messages wait in the log and are read back from
 * there when its turn comes.
 */
final class Deliveries {
  /** About a second of work at a listener's 0.1 ms; beyond it the log is the queue. */
  private static final int CAPACITY = 8_192;

  private static final int CURSOR_EVERY = 256;
  private static final int PAGE = 64;

  /** A message of an author whose key is not known any more. */
  private static final Candidate.Reading GONE =
      new Candidate.Unheard(new AdmissionResult.Ignore(IgnoreReason.AUTHOR_UNKNOWN));

  private final EnvelopeStore store;
  private final Function<Bytes, Optional<Delivery>> reader;
  private final GossipLog log;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Runnable> notices = new ArrayDeque<>();
  private final Map<Address, Lane> lanes = new HashMap<>();
  private final ArrayDeque<Lane> turns = new ArrayDeque<>();
  private int waiting;

  // owned by the delivering thread
  private final Map<Address, Long> unwritten = new HashMap<>();
  private int sinceCursor;

  /** One author's messages; everything but {@code done} is guarded by the lock. */
  private static final class Lane {
    final Address author;
    final ArrayDeque<Delivery> queue = new ArrayDeque<>();

    /** The last message that is queued or was. */
    long last;

    /** The last message in the log. */
    long height;

    boolean hasTurn;

    /** The last message handed on; owned by the delivering thread. */
    long done;

    Lane(Address author, long done, long height) {
      this.author = author;
      this.done = done;
      this.last = done;
      this.height = height;
    }

    boolean idle() {
      return queue.isEmpty() && last >= height;
    }
  }

  Deliveries(EnvelopeStore store, Function<Bytes, Optional<Delivery>> reader, GossipLog log) {
    this.store = store;
    this.reader = reader;
    this.log = log;
    Map<Address, Long> done = store.delivered();
    lock.lock();
    try {
      store
          .heights()
          .forEach(
              (author, height) -> {
                Lane lane = new Lane(author, done.getOrDefault(author, 0L), height);
                lanes.put(author, lane);
                giveTurn(lane);
              });
    } finally {
      lock.unlock();
    }
  }

  private void giveTurn(Lane lane) {
    if (!lane.hasTurn && !lane.idle()) {
      lane.hasTurn = true;
      turns.addLast(lane);
      arrived.signal();
    }
  }

  /** Queues one message; the caller holds the author's lock and has it in the log. */
  void add(Delivery delivery) {
    lock.lock();
    try {
      Lane lane =
          lanes.computeIfAbsent(
              delivery.author(),
              author -> new Lane(author, delivery.sequence() - 1, delivery.sequence()));
      lane.height = Math.max(lane.height, delivery.sequence());
      if (delivery.sequence() == lane.last + 1 && lane.queue.size() < CAPACITY - waiting) {
        enqueue(lane, delivery);
      }
      giveTurn(lane);
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Lane lane, Delivery delivery) {
    lane.queue.addLast(delivery);
    lane.last = delivery.sequence();
    waiting++;
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

  /** Hands on what is next, waiting for it up to {@code patience}; false after an idle wait. */
  boolean step(Duration patience) throws InterruptedException {
    Optional<Runnable> notice;
    Optional<Lane> turn = Optional.empty();
    Optional<Delivery> next = Optional.empty();
    lock.lockInterruptibly();
    try {
      long nanos = patience.toNanos();
      while (turns.isEmpty() && notices.isEmpty() && nanos > 0) {
        nanos = arrived.awaitNanos(nanos);
      }
      notice = Optional.ofNullable(notices.pollFirst());
      if (notice.isEmpty() && !turns.isEmpty()) {
        turn = Optional.of(turns.removeFirst());
        turn.get().hasTurn = false;
        next = Optional.ofNullable(turn.get().queue.pollFirst());
        waiting -= next.isPresent() ? 1 : 0;
      }
    } finally {
      lock.unlock();
    }
    if (notice.isPresent()) {
      tell(notice.get());
    } else if (turn.isPresent()) {
      serve(turn.get(), next);
    } else {
      writeCursors();
      return false;
    }
    return true;
  }

  private void serve(Lane lane, Optional<Delivery> next) {
    try {
      if (next.isPresent()) {
        hand(lane, next.get());
      } else {
        recall(lane);
      }
    } finally {
      lock.lock();
      try {
        giveTurn(lane);
      } finally {
        lock.unlock();
      }
    }
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

  /** Reads back some of what waits in the log. If that fails it is still there. */
  private void recall(Lane lane) {
    store.flush();
    long after = lane.done;
    List<Delivery> page = new ArrayList<>();
    for (Bytes wire : store.after(lane.author, after, PAGE, Frame.MAX_BYTES)) {
      long sequence = after + page.size() + 1;
      page.add(reader.apply(wire).orElseGet(() -> new Delivery(lane.author, sequence, GONE)));
    }
    if (page.isEmpty()) {
      throw new IllegalStateException(
          "the log of " + lane.author + " ends at " + after + ", before what was admitted");
    }
    lock.lock();
    try {
      for (Delivery delivery : page) {
        if (delivery.sequence() == lane.last + 1) {
          enqueue(lane, delivery);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void hand(Lane lane, Delivery delivery) {
    try {
      delivery.reading().hand();
      if (delivery.reading().equals(GONE)) {
        log.onAuthorGone();
      } else {
        log.onDelivered();
      }
    } catch (RuntimeException e) {
      log.onListenerFailure(delivery.author(), delivery.sequence(), e);
    }
    lane.done = delivery.sequence();
    unwritten.put(delivery.author(), delivery.sequence());
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
