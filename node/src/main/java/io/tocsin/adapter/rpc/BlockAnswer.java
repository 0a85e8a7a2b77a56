package io.tocsin.adapter.rpc;

import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import java.util.List;

/** What is known of one past block. */
public sealed interface BlockAnswer {
  /** Its transactions, in order. */
  record Found(BlockRef block, List<ChainEvent.Traced> transactions) implements BlockAnswer {
    public Found {
      transactions = List.copyOf(transactions);
    }
  }

  /** It does not exist, or no endpoint could trace it. */
  record Unavailable(String reason) implements BlockAnswer {}
}
