package io.tocsin.chain;

import io.tocsin.base.Hash32;
import java.time.Instant;

/** A block: its number, its hash and the time in its header (whole seconds). */
public record BlockRef(long number, Hash32 hash, Instant time) {
  public BlockRef {
    if (number < 0) {
      throw new IllegalArgumentException("a block number is not negative: " + number);
    }
  }
}
