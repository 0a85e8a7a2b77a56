package io.tocsin.adapter.rpc;

import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.HeadRing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The blocks of which something could not be traced or agreed upon yet, and the acknowledgements
 * that wait for them: none goes past a block that is owed. A block is owed until 256 others came
 * behind it. Thread-safe.
 */
final class Arrears {
  static final int MOST = HeadRing.CAPACITY;

  /** A block owed; {@code settled} are its transactions that need not be passed on again. */
  record Owed(Block block, Instant seen, Set<Hash32> settled) {
    Owed {
      settled = Set.copyOf(settled);
    }

    Owed with(Set<Hash32> more) {
      Set<Hash32> all = new HashSet<>(settled);
      all.addAll(more);
      return new Owed(block, seen, all);
    }
  }

  private final LinkedHashMap<BlockRef, Owed> owed = new LinkedHashMap<>();

  /** By number of a block that holds acknowledgements: the head that lets go, once it is known. */
  private final TreeMap<Long, OptionalLong> holds = new TreeMap<>();

  private final List<BlockRef> waiting = new ArrayList<>();

  /** Owes a block, the first to be tried. */
  synchronized void add(Owed block) {
    owed.putFirst(block.block().ref(), block);
    holds.put(block.block().ref().number(), OptionalLong.empty());
  }

  /** What to try next. */
  synchronized Optional<Owed> next() {
    return owed.values().stream().findFirst();
  }

  /** Whether {@code block} is still owed; false once it left the chain or was given up. */
  synchronized boolean owes(BlockRef block) {
    return owed.containsKey(block);
  }

  /** {@code block} was tried and is still owed: the others come first now. */
  synchronized void later(Owed block) {
    if (owed.containsKey(block.block().ref())) {
      owed.putLast(block.block().ref(), block);
    }
  }

  /** All of {@code block} was passed on; it holds until a head that comes later is dealt with. */
  synchronized void paid(BlockRef block) {
    owed.remove(block);
  }

  /** Another head is passed on now. Answers the blocks that are given up. */
  synchronized List<BlockRef> head(BlockRef head) {
    List<BlockRef> lost =
        owed.keySet().stream().filter(b -> b.number() <= head.number() - MOST).toList();
    for (BlockRef block : lost) {
      owed.remove(block);
      holds.remove(block.number());
    }
    Set<Long> open = new HashSet<>();
    owed.keySet().forEach(block -> open.add(block.number()));
    for (Map.Entry<Long, OptionalLong> hold : holds.entrySet()) {
      if (hold.getValue().isEmpty() && !open.contains(hold.getKey())) {
        hold.setValue(OptionalLong.of(head.number()));
      }
    }
    return lost;
  }

  /** The chain has no block above {@code number} any more. */
  synchronized void cut(long number) {
    owed.keySet().removeIf(block -> block.number() > number);
    holds.tailMap(number, false).clear();
    waiting.removeIf(block -> block.number() > number);
  }

  /** {@code block} was dealt with; what nothing owed holds back goes to {@code durable}. */
  synchronized void acknowledge(BlockRef block, Consumer<BlockRef> durable) {
    waiting.removeIf(b -> b.number() >= block.number());
    waiting.add(block);
    holds.values().removeIf(until -> until.isPresent() && until.getAsLong() <= block.number());
    long floor = holds.isEmpty() ? Long.MAX_VALUE : holds.firstKey();
    Iterator<BlockRef> each = waiting.iterator();
    while (each.hasNext()) {
      BlockRef next = each.next();
      if (next.number() >= floor) {
        return;
      }
      durable.accept(next);
      each.remove();
    }
  }
}
