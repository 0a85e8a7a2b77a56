package io.tocsin.base;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * A bounded queue whose items lie in lanes that take turns, one item each. A lane may hold as much
 * as is left free, in items and in size: one alone gets half of the room, and whoever comes later
 * always finds some. Thread-safe.
 */
public final class FairQueue<K, T> {
  private final Bounds bounds;
  private final ToLongFunction<T> size;
  private final Map<K, Lane<K, T>> lanes = new HashMap<>();
  private final ArrayDeque<Lane<K, T>> turns = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private int items;
  private long total;

  /**
   * How much there may be.
   *
   * @param items in all lanes together
   * @param size of all items together
   */
  public record Bounds(int items, long size) {
    public Bounds {
      if (items <= 1 || size <= 1) {
        throw new IllegalArgumentException("a queue needs room for two: " + items + ", " + size);
      }
    }
  }

  private static final class Lane<K, T> {
    final K key;
    final ArrayDeque<T> items = new ArrayDeque<>();
    long size;

    Lane(K key) {
      this.key = key;
    }
  }

  /** An empty queue; {@code size} measures an item. */
  public FairQueue(Bounds bounds, ToLongFunction<T> size) {
    this.bounds = bounds;
    this.size = size;
  }

  /**
   * Adds {@code item} to the lane {@code key}; false, and nothing is added, if there is no room.
   */
  public boolean offer(K key, T item) {
    long measure = size.applyAsLong(item);
    lock.lock();
    try {
      Lane<K, T> lane = lanes.computeIfAbsent(key, Lane::new);
      boolean fits =
          lane.items.size() < bounds.items() - items
              && lane.size + measure <= bounds.size() - total;
      if (fits) {
        if (lane.items.isEmpty()) {
          turns.addLast(lane);
        }
        lane.items.addLast(item);
        lane.size += measure;
        items++;
        total += measure;
        arrived.signal();
      } else if (lane.items.isEmpty()) {
        lanes.remove(key);
      }
      return fits;
    } finally {
      lock.unlock();
    }
  }

  /** Removes the item whose turn it is, waiting at most {@code patience}; empty when none came. */
  public Optional<T> poll(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (turns.isEmpty() && nanos > 0) {
        nanos = arrived.awaitNanos(nanos);
      }
      if (turns.isEmpty()) {
        return Optional.empty();
      }
      Lane<K, T> lane = turns.removeFirst();
      T item = lane.items.removeFirst();
      long measure = size.applyAsLong(item);
      lane.size -= measure;
      items--;
      total -= measure;
      if (lane.items.isEmpty()) {
        lanes.remove(lane.key);
      } else {
        turns.addLast(lane);
      }
      return Optional.of(item);
    } finally {
      lock.unlock();
    }
  }

  /** Items now waiting. */
  public int size() {
    lock.lock();
    try {
      return items;
    } finally {
      lock.unlock();
    }
  }
}
