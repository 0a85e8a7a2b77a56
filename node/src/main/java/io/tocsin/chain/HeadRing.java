package io.tocsin.chain;

import io.tocsin.base.Hash32;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The last 256 canonical blocks, by which a reorganisation is recognised: a new block whose parent
 * is not the last one. Owned by one thread.
 */
public final class HeadRing {
  /** Blocks remembered. */
  public static final int CAPACITY = 256;

  private final Deque<BlockRef> blocks = new ArrayDeque<>();

  /** An empty ring. */
  public HeadRing() {}

  /** The last block. */
  public Optional<BlockRef> head() {
    return Optional.ofNullable(blocks.peekLast());
  }

  /** The remembered block of this number. */
  public Optional<BlockRef> at(long number) {
    return blocks.stream().filter(b -> b.number() == number).findFirst();
  }

  /** Whether as many blocks are remembered as can be. */
  public boolean full() {
    return blocks.size() == CAPACITY;
  }

  /** Whether a block with this number and parent comes right behind the last one. */
  public boolean extendedBy(long number, Hash32 parent) {
    BlockRef last = blocks.peekLast();
    return last == null || (last.number() + 1 == number && last.hash().equals(parent));
  }

  /**
   * Adds the block behind the last one, forgetting the oldest when full.
   *
   * @throws IllegalArgumentException if it has not the next number
   */
  public void push(BlockRef block) {
    BlockRef last = blocks.peekLast();
    if (last != null && last.number() + 1 != block.number()) {
      throw new IllegalArgumentException("block " + block.number() + " behind " + last.number());
    }
    blocks.addLast(block);
    if (blocks.size() > CAPACITY) {
      blocks.removeFirst();
    }
  }

  /** Removes all blocks above {@code number} and gives them in ascending order. */
  public List<BlockRef> cutAbove(long number) {
    List<BlockRef> removed = new ArrayList<>();
    while (!blocks.isEmpty() && blocks.getLast().number() > number) {
      removed.addFirst(blocks.removeLast());
    }
    return removed;
  }
}
