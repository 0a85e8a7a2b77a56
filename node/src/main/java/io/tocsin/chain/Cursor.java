package io.tocsin.chain;

import io.tocsin.base.ChainId;
import java.util.List;

/**
 * Remembers durably how far each chain has been processed; never before what was put on record of
 * it. Thread-safe.
 */
public interface Cursor {
  /** How many blocks of each chain are remembered at most. */
  int DEPTH = HeadRing.CAPACITY;

  /** The last blocks processed, ascending and consecutive; none if the chain is new. */
  List<BlockRef> recent(ChainId chain);

  /**
   * {@code block} was processed: forgets remembered blocks of the same or a higher number, which
   * were reorganised away, and those more than {@link #DEPTH} back.
   */
  void advance(ChainId chain, BlockRef block);
}
