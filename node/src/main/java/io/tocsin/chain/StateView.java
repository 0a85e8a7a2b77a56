package io.tocsin.chain;

import io.tocsin.base.Hash32;
import java.util.List;

/** Reads state of a chain at a block. */
public interface StateView {
  /**
   * The answers to {@code queries} at the end of the block with this hash; what cannot be answered
   * is left out. Never throws for an endpoint's fault.
   */
  StateReads read(List<StateQuery> queries, Hash32 blockHash);
}
