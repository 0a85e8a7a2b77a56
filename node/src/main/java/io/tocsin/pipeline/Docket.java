package io.tocsin.pipeline;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Threads;
import io.tocsin.claim.Claim;
import io.tocsin.pipeline.Stakes.Stake;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The claims that wait for this member's opinion. Thread-safe.
 *
 * <p>Members take turns, whoever reported more; among the claims of one, what this node saw itself
 * comes first, then what is armed, then what is known. A claim that several reported waits in the
 * turn of each. A claim whose time has not come is heard again later, and at once when its chain
 * moves on.
 *
 * <p>A few are heard at a time, because each may cost a question to every endpoint; those that this
 * node saw itself cost none and wait for no other. What waits is bounded: a member may have as many
 * claims here as are left free, and those about armed subjects or own sights beside that, up to a
 * whole burst of its allowance. Beyond it, its own claim with the least at stake is left unjudged,
 * counted, and told; never another member's.
 */
final class Docket implements AutoCloseable {
  /** Claims of all members together, armed and seen ones apart. */
  private static final int MOST = 4_096;

  /** Armed and seen claims of one member: a burst of what the door lets in. */
  private static final int MOST_PRECIOUS = 1_024;

  /** Hearings that ask endpoints, and hearings that do not. */
  private static final int AT_ONCE = 8;

  private static final int REMEMBERED = 8_192;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(25);

  /** Pauses double up to 12.8 seconds. */
  private static final int DOUBLINGS = 9;

  /** A claim that was heard more often than this waits for its own time. */
  private static final int YOUNG = 8;

  private final Court court;
  private final Overload overload;
  private final ExecutorService hearings = Threads.virtual("hearing");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread calling;
  private final Map<Hash32, Item> items = new HashMap<>();
  private final Set<Hash32> heard = new LinkedHashSet<>();
  private final Map<Address, Lane> lanes = new HashMap<>();
  private final ArrayDeque<Lane> turns = new ArrayDeque<>();
  private final PriorityQueue<Item> adjourned =
      new PriorityQueue<>(Comparator.comparingLong(item -> item.due));
  private final int[] running = new int[2];
  private int plain;

  /** Who hears claims. */
  interface Court {
    /** What hangs on the claim. */
    Stake stake(Claim claim);

    /** Whether this node saw it itself, so that hearing it asks nobody. */
    boolean seen(Claim claim);

    /** Comes to an opinion, or says after which pause it is to be heard again; never throws. */
    Optional<Duration> hear(Claim claim);
  }

  private enum Rank {
    SEEN,
    ARMED,
    KNOWN,
    NONE
  }

  private static final class Item {
    final Claim claim;
    final Stake stake;
    final boolean precious;
    final Set<Lane> lanes = new HashSet<>();
    boolean waiting;
    int pauses;
    long due;

    Item(Claim claim, Stake stake, boolean precious) {
      this.claim = claim;
      this.stake = stake;
      this.precious = precious;
    }
  }

  /** One member's claims. */
  private static final class Lane {
    final Map<Rank, ArrayDeque<Item>> byRank = new EnumMap<>(Rank.class);
    int plain;
    int precious;

    ArrayDeque<Item> of(Rank rank) {
      return byRank.computeIfAbsent(rank, _ -> new ArrayDeque<>());
    }

    Optional<Item> first(Rank rank) {
      ArrayDeque<Item> queue = of(rank);
      while (!queue.isEmpty() && !queue.getFirst().waiting) {
        queue.removeFirst();
      }
      return Optional.ofNullable(queue.peekFirst());
    }

    /** The latest of the claims with less at stake that wait in this turn alone. */
    Optional<Item> below(Stake stake) {
      for (Rank rank : List.of(Rank.NONE, Rank.KNOWN)) {
        for (Item item : of(rank).reversed()) {
          if (item.waiting && item.stake.compareTo(stake) > 0 && item.lanes.size() == 1) {
            return Optional.of(item);
          }
        }
      }
      return Optional.empty();
    }
  }

  Docket(Court court, Overload overload) {
    this.court = court;
    this.overload = overload;
    this.calling = Threads.start("docket", this::call);
  }

  /** {@code author} reported {@code claim}. Returns at once. */
  void enter(Claim claim, Address author) {
    Stake stake = court.stake(claim);
    boolean seen = court.seen(claim);
    Optional<Item> shed = Optional.empty();
    lock.lock();
    try {
      if (heard.contains(claim.id())) {
        return;
      }
      Lane lane = lanes.computeIfAbsent(author, _ -> newLane());
      Item old = items.get(claim.id());
      Item item = old == null ? new Item(claim, stake, seen || stake == Stake.ARMED) : old;
      if (item.lanes.contains(lane)) {
        return;
      }
      if (!room(lane, item)) {
        Optional<Item> least = lane.below(stake);
        shed = least.isPresent() || old != null ? least : Optional.of(item);
        least.ifPresent(this::strike);
      }
      if (room(lane, item)) {
        items.put(claim.id(), item);
        item.lanes.add(lane);
        count(lane, item, 1);
        if (old == null) {
          item.waiting = true;
        }
        queue(lane, item, seen);
        pump();
      }
    } finally {
      lock.unlock();
    }
    shed.ifPresent(
        item ->
            overload.shed(
                item.stake, "judging " + item.claim.summary() + ", as " + author + " says"));
  }

  private Lane newLane() {
    Lane lane = new Lane();
    turns.addLast(lane);
    return lane;
  }

  private boolean room(Lane lane, Item item) {
    return item.precious ? lane.precious < MOST_PRECIOUS : lane.plain < MOST - plain;
  }

  private void count(Lane lane, Item item, int by) {
    if (item.precious) {
      lane.precious += by;
    } else {
      lane.plain += by;
      plain += by;
    }
  }

  private void strike(Item item) {
    item.waiting = false;
    items.remove(item.claim.id());
    item.lanes.forEach(lane -> count(lane, item, -1));
  }

  private static void queue(Lane lane, Item item, boolean seen) {
    Rank rank =
        seen
            ? Rank.SEEN
            : switch (item.stake) {
              case ARMED -> Rank.ARMED;
              case KNOWN -> Rank.KNOWN;
              case NONE -> Rank.NONE;
            };
    lane.of(rank).addLast(item);
  }

  private void pump() {
    if (hearings.isShutdown()) {
      return;
    }
    for (Optional<Runnable> next = next(); next.isPresent(); next = next()) {
      hearings.execute(next.get());
    }
  }

  private Optional<Runnable> next() {
    for (int i = 0; i < turns.size(); i++) {
      Lane lane = turns.removeFirst();
      turns.addLast(lane);
      for (Rank rank : Rank.values()) {
        int bench = rank == Rank.SEEN ? 0 : 1;
        Optional<Item> item = running[bench] < AT_ONCE ? lane.first(rank) : Optional.empty();
        if (item.isPresent()) {
          item.get().waiting = false;
          running[bench]++;
          return Optional.of(() -> hear(item.get(), bench));
        }
      }
    }
    return Optional.empty();
  }

  private void hear(Item item, int bench) {
    Optional<Duration> again = court.hear(item.claim);
    lock.lock();
    try {
      running[bench]--;
      if (again.isPresent()) {
        Duration least = FIRST_PAUSE.multipliedBy(1L << Math.min(item.pauses++, DOUBLINGS));
        Duration pause = again.get().compareTo(least) < 0 ? least : again.get();
        item.due = System.nanoTime() + pause.toNanos();
        adjourned.add(item);
        changed.signal();
      } else {
        strike(item);
        heard.add(item.claim.id());
        if (heard.size() > REMEMBERED) {
          heard.remove(heard.iterator().next());
        }
      }
      pump();
    } finally {
      lock.unlock();
    }
  }

  /** The chain has moved on: what waited for it may be judged now. */
  void moved(ChainId chain) {
    lock.lock();
    try {
      List<Item> ready =
          adjourned.stream()
              .filter(item -> item.pauses <= YOUNG)
              .filter(item -> item.claim.where().filter(chain::equals).isPresent())
              .toList();
      adjourned.removeAll(Set.copyOf(ready));
      ready.forEach(this::recall);
      pump();
    } finally {
      lock.unlock();
    }
  }

  private void recall(Item item) {
    item.waiting = true;
    boolean seen = court.seen(item.claim);
    item.lanes.forEach(lane -> queue(lane, item, seen));
  }

  private void call() {
    lock.lock();
    try {
      while (true) {
        long now = System.nanoTime();
        while (!adjourned.isEmpty() && adjourned.element().due - now <= 0) {
          recall(adjourned.remove());
        }
        pump();
        if (adjourned.isEmpty()) {
          changed.await();
        } else {
          long _ = changed.awaitNanos(adjourned.element().due - now);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the claim was heard lately, or waits. */
  boolean knows(Hash32 claim) {
    lock.lock();
    try {
      return heard.contains(claim) || items.containsKey(claim);
    } finally {
      lock.unlock();
    }
  }

  /** Claims that wait, each counted once. */
  int size() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  /** Hears nothing more; what was not heard comes again after a restart. */
  @Override
  public void close() {
    calling.interrupt();
    lock.lock();
    try {
      hearings.shutdownNow();
    } finally {
      lock.unlock();
    }
  }
}
