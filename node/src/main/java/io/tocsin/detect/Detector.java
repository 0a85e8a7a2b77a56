package io.tocsin.detect;

import io.tocsin.chain.StateQuery;
import java.util.Set;

/** One rule that reads a trace. Stateless and pure. */
public interface Detector {
  /** What it looks for, and what it cannot see. */
  Metadata metadata();

  /**
   * Whether a value of the state before that could not be read may hide what it looks for; then it
   * never says clean without that value.
   */
  boolean needsState();

  /** What it wants to know of the state before, beside the balances and prices read for all. */
  default Set<StateQuery> queries(TraceFacts facts) {
    return Set.of();
  }

  /** Its answer on one transaction that was not undone. */
  Scan scan(TraceFacts facts);
}
