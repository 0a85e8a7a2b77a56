package io.tocsin.chain;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;

/**
 * Follows one chain. Mined blocks come in order without gap or duplicate: for each first a {@link
 * ChainEvent.Traced} for every transaction, in their order, then {@link ChainEvent.HeadAdvanced}.
 * What could not be traced then, or what too few endpoints agreed upon, comes once more when it can
 * be, in between. Pending transactions come in between too, each once a body. The queue is bounded;
 * a slow reader holds up mined blocks, and loses pending transactions with a {@link
 * ChainEvent.Trouble}.
 */
public interface TraceSource extends AutoCloseable {
  /** The chain followed. */
  ChainId chain();

  /** The next event, waiting for one. Meant for one reader. */
  ChainEvent take() throws InterruptedException;

  /**
   * Says that everything up to and including {@code block}, which a {@link ChainEvent.HeadAdvanced}
   * named, has been dealt with for good: after a restart the next block is the first to come again,
   * or an earlier one of which something is still to come. What was taken but not so acknowledged
   * comes again.
   */
  void processed(BlockRef block);

  /** Fetches and traces one transaction now, with the agreement of the endpoints. */
  Answer trace(Hash32 tx);

  @Override
  void close();

  /** What is known of a transaction. */
  sealed interface Answer {
    /** It is canonical, or pending and simulated; a reverted one shows as failed. */
    record Found(ChainEvent.Traced traced) implements Answer {}

    /** Agreeing endpoints of two operators do not know it, or not in the canonical chain. */
    record Absent(String reason) implements Answer {}

    /** No agreeing endpoints could say. */
    record Unavailable(String reason) implements Answer {}
  }
}
