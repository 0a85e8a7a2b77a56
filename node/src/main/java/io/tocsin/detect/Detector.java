package io.tocsin.detect;

/** One rule that reads a trace. Stateless and pure. */
public interface Detector {
  /** What it looks for, and what it cannot see. */
  Metadata metadata();

  /**
   * Whether a value of the state before that could not be read may hide what it looks for; then it
   * never says clean without that value.
   */
  boolean needsState();

  /** Its answer on one transaction that was not undone. */
  Scan scan(TraceFacts facts);
}
