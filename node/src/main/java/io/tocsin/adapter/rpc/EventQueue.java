package io.tocsin.adapter.rpc;

import io.tocsin.chain.ChainEvent;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the reader of a chain: a bounded number of events in their order, and alarms,
 * which overtake them and are never lost: when very many wait, the last of each endpoint and kind
 * stays, so that there is room for all, and the last word on an endpoint is its last. Thread-safe.
 */
final class EventQueue {
  /** Alarms waiting from which on only one of each endpoint and kind is kept. */
  private static final int MANY = 64;

  private final int capacity;
  private final ArrayDeque<ChainEvent> events = new ArrayDeque<>();
  private final Set<ChainEvent.Trouble> alarms = new LinkedHashSet<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** An empty queue for at most {@code capacity} events, alarms not counted. */
  EventQueue(int capacity) {
    this.capacity = capacity;
  }

  /** Adds {@code event}, or answers false when there is no room. */
  boolean offer(ChainEvent event) {
    lock.lock();
    try {
      if (events.size() >= capacity) {
        return false;
      }
      events.addLast(event);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Adds {@code event}, waiting for room. */
  void put(ChainEvent event) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (events.size() >= capacity) {
        changed.await();
      }
      events.addLast(event);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Adds {@code trouble} behind the alarms that wait. Does not block. */
  void alarm(ChainEvent.Trouble trouble) {
    lock.lock();
    try {
      boolean many = alarms.size() >= MANY;
      alarms.removeIf(
          waiting ->
              waiting.equals(trouble)
                  || (many
                      && waiting.kind() == trouble.kind()
                      && waiting.endpoint().equals(trouble.endpoint())));
      alarms.add(trouble);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Removes the oldest alarm, else the oldest event, waiting for one. */
  ChainEvent take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (alarms.isEmpty() && events.isEmpty()) {
        changed.await();
      }
      changed.signalAll();
      Iterator<ChainEvent.Trouble> first = alarms.iterator();
      if (first.hasNext()) {
        ChainEvent.Trouble alarm = first.next();
        first.remove();
        return alarm;
      }
      return events.removeFirst();
    } finally {
      lock.unlock();
    }
  }
}
