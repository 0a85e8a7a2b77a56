package io.tocsin.adapter.rpc;

import io.tocsin.base.Hash32;
import io.tocsin.chain.Header;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a chain's headers: those that hashed to their block's hash, and whether that is
 * to be expected of all. It is, for good, from the first such header of a block that agreeing
 * endpoints name: nobody can make fields for a hash that others chose. Thread-safe.
 */
final class Headers {
  private static final int KEPT = 512;

  private final Map<Hash32, Header> sealed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash32, Header> eldest) {
          return size() > KEPT;
        }
      };
  private final Map<Hash32, Boolean> agreed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash32, Boolean> eldest) {
          return size() > KEPT;
        }
      };
  private volatile boolean expected;

  /** The header of the block with this hash, if anyone showed it. */
  Optional<Header> of(Hash32 block) {
    synchronized (sealed) {
      return Optional.ofNullable(sealed.get(block));
    }
  }

  /** Keeps what {@code block} proves. */
  void keep(Block block) {
    if (block.sealed()) {
      synchronized (sealed) {
        block.header().ifPresent(header -> sealed.put(block.ref().hash(), header));
      }
    }
  }

  /** Agreeing endpoints have the block with this hash. */
  void agreed(Hash32 block) {
    synchronized (sealed) {
      agreed.put(block, true);
    }
    if (of(block).isPresent()) {
      expected = true;
    }
  }

  /** Whether agreeing endpoints had the block with this hash, not long ago. */
  boolean isAgreed(Hash32 block) {
    synchronized (sealed) {
      return agreed.containsKey(block);
    }
  }

  /** Whether a header that does not hash to its block's hash is a lie. */
  boolean expected() {
    return expected;
  }
}
