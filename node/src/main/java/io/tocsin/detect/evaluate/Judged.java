package io.tocsin.detect.evaluate;

import io.tocsin.base.Hash32;
import io.tocsin.detect.ScanReport;

/**
 * What came of one transaction of a corpus.
 *
 * @param remark why nothing was found; empty where something was
 */
public record Judged(
    Hash32 tx, Label label, ScanReport report, Shape shape, Nanos nanos, String remark) {
  /**
   * What the transaction looks like.
   *
   * @param movesValue whether any value is seen to move, or could have: the trace was refused
   * @param naive whether the naive rule fires on it
   */
  public record Shape(int frames, boolean movesValue, boolean naive) {}

  /** How long reading and scanning it took. */
  public record Nanos(long read, long scan) {}

  /** Whether a detector found something, which is what a node alerts on. */
  public boolean alert() {
    return !report.findings().isEmpty();
  }
}
