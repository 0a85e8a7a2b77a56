package io.tocsin.chain;

import io.tocsin.base.Hash32;

/** Where in its chain a traced transaction stands. */
public sealed interface Position {
  /** Included in {@code block}, whose parent's hash is {@code parent}. */
  record Mined(BlockRef block, Hash32 parent) implements Position {}

  /** Not included yet; simulated on top of {@code head}, with the sender's {@code nonce}. */
  record Pending(BlockRef head, long nonce) implements Position {
    public Pending {
      if (nonce < 0) {
        throw new IllegalArgumentException("a nonce is not negative: " + nonce);
      }
    }
  }

  /** Not recorded, as in corpus files. */
  record Unknown() implements Position {}
}
