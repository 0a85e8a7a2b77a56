package io.tocsin.chain;

import io.tocsin.base.ChainId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A cursor that lasts as long as the process, for commands that only watch. */
public final class MemoryCursor implements Cursor {
  private final Map<ChainId, List<BlockRef>> blocks = new HashMap<>();

  @Override
  public synchronized List<BlockRef> recent(ChainId chain) {
    return List.copyOf(blocks.getOrDefault(chain, List.of()));
  }

  @Override
  public synchronized void advance(ChainId chain, BlockRef block) {
    List<BlockRef> known = blocks.computeIfAbsent(chain, _ -> new ArrayList<>());
    known.removeIf(b -> b.number() >= block.number() || b.number() <= block.number() - DEPTH);
    if (!known.isEmpty() && known.getLast().number() + 1 != block.number()) {
      known.clear();
    }
    known.add(block);
  }
}
