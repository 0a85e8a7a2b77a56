package io.tocsin.detect;

/** One rule that reads a trace. Stateless and pure. */
public interface Detector {
  /** What it looks for, and what it cannot see. */
  Metadata metadata();

  /** Its answer on one transaction that was not undone. */
  Scan scan(TraceFacts facts);
}
