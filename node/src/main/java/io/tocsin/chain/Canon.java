package io.tocsin.chain;

import io.tocsin.base.Hash32;
import java.util.OptionalLong;

/** Which blocks of a chain are there to stay, as agreeing endpoints say. Thread-safe. */
public interface Canon {
  /** The canonical block of this number, once as many blocks as configured lie on it. */
  Answer deep(long number);

  /** The number of a block, canonical or not; empty unless the endpoints agree on it. */
  OptionalLong number(Hash32 block);

  /** What stands at a number. */
  sealed interface Answer {
    /** This block, and it lies deep. */
    record Deep(BlockRef block) implements Answer {}

    /** No block lies deep there yet, or the endpoints do not agree on one. */
    record Open(String reason) implements Answer {}
  }
}
