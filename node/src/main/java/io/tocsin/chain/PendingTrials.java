package io.tocsin.chain;

import io.tocsin.base.Hash32;
import java.util.List;

/**
 * Tries whether a pending transaction could come next, and what it would do if the block were
 * another than expected. Thread-safe.
 */
public interface PendingTrials {
  /** Tries transaction {@code tx} on the last head. */
  Trial trial(Hash32 tx);

  /** What came of a trial. */
  sealed interface Trial {
    /**
     * The sender's nonce, funds and fee suffice for the next block.
     *
     * @param plain how it runs on the head as it is
     * @param changed how it runs in the next block and in a later, dearer one, each with a coinbase
     *     that nobody can foresee: none depends on what another would run under
     */
    record Includable(ChainEvent.Traced plain, List<ChainEvent.Traced> changed) implements Trial {
      public Includable {
        changed = List.copyOf(changed);
      }
    }

    /** It cannot be in the next block, or is not pending. */
    record NotIncludable(String reason) implements Trial {}

    /** The endpoints could not say, or do not agree. */
    record Unavailable(String reason) implements Trial {}
  }
}
