package io.tocsin.detect;

import java.util.List;

/** What came of looking at one transaction. */
public sealed interface Scan {
  /** Judged, and nothing found. */
  record Clean() implements Scan {}

  /** Judged, with one finding a victim. */
  record Found(List<Finding> findings) implements Scan {
    public Found {
      findings = List.copyOf(findings);
      if (findings.isEmpty()) {
        throw new IllegalArgumentException("found nothing");
      }
    }
  }

  /** Could not be judged, which is never the same as clean. */
  record NotAnalysed(String reason) implements Scan {}
}
