package io.tocsin.base;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A first-in first-out queue of fixed capacity that counts what it refuses. Thread-safe.
 *
 * <p>What happens when it is full is the caller's word: {@link #offer} drops and counts, {@link
 * #put} waits.
 */
public final class BoundedQueue<T> {
  private final int capacity;
  private final ArrayDeque<T> items = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long dropped;

  /** An empty queue for at most {@code capacity} items. */
  public BoundedQueue(int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("capacity must be positive, not " + capacity);
    }
    this.capacity = capacity;
  }

  /** Adds {@code item}, or counts it as dropped and answers false when the queue is full. */
  public boolean offer(T item) {
    lock.lock();
    try {
      if (items.size() >= capacity) {
        dropped++;
        return false;
      }
      items.addLast(item);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Adds {@code item}, waiting for room. */
  public void put(T item) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (items.size() >= capacity) {
        changed.await();
      }
      items.addLast(item);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Removes the oldest item, waiting for one. */
  public T take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        T item = items.pollFirst();
        if (item != null) {
          changed.signalAll();
          return item;
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Removes the oldest item, waiting at most {@code patience}; empty when none came. */
  public Optional<T> poll(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        T item = items.pollFirst();
        if (item != null) {
          changed.signalAll();
          return Optional.of(item);
        }
        if (nanos <= 0) {
          return Optional.empty();
        }
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Items now waiting. */
  public int size() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  /** Items refused since the start because the queue was full. */
  public long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }
}
