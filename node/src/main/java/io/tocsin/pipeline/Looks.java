package io.tocsin.pipeline;

import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.HeadRing;
import io.tocsin.chain.Position;
import io.tocsin.pipeline.Eyes.Look;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The last 256 looks that found something, one a transaction. Thread-safe. */
final class Looks {
  private static final int KEPT = 256;
  private static final int ORPHANS = 4 * HeadRing.CAPACITY;

  private final Set<Hash32> orphans = new LinkedHashSet<>();
  private final Map<Hash32, Look> looks =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash32, Look> eldest) {
          return size() > KEPT;
        }
      };

  /** The later look stays, unless it is of the same place and the endpoints agree no more. */
  synchronized void keep(Look look) {
    looks.merge(
        look.trace().tx(),
        look,
        (kept, later) ->
            kept.agreed()
                    && !later.agreed()
                    && kept.trace().position().equals(later.trace().position())
                ? kept
                : later);
  }

  synchronized Optional<Look> of(Hash32 tx) {
    return Optional.ofNullable(looks.get(tx));
  }

  /** A look that needs no second one: its block is canonical and the endpoints agree. */
  synchronized Optional<Look> mined(Hash32 tx) {
    return of(tx)
        .filter(
            look ->
                look.agreed()
                    && look.trace().position() instanceof Position.Mined(BlockRef block, _)
                    && !orphans.contains(block.hash()));
  }

  /** {@code head} is canonical, perhaps again. */
  synchronized void advanced(BlockRef head) {
    orphans.remove(head.hash());
  }

  /**
   * What was seen in blocks that are canonical no more must be seen again to count. After a change
   * as deep as the blocks remembered, nothing mined counts that was seen before.
   */
  synchronized void reorged(ChainEvent.Reorged reorged) {
    reorged.removed().forEach(block -> orphans.add(block.hash()));
    while (orphans.size() > ORPHANS) {
      orphans.remove(orphans.iterator().next());
    }
    boolean deep = reorged.removed().size() >= HeadRing.CAPACITY;
    looks
        .values()
        .removeIf(
            look ->
                look.trace().chain().equals(reorged.chain())
                    && look.trace().position() instanceof Position.Mined(BlockRef block, _)
                    && (deep || block.number() > reorged.head().number()));
  }
}
