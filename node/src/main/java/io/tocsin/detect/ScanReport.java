package io.tocsin.detect;

import java.util.List;

/**
 * All detectors' answers on one transaction: {@code results} in the order of {@link Detectors#ALL},
 * and {@code scan}, where findings about the same victim are one. A finding of any detector counts;
 * without one, a detector that could not judge makes the whole scan not analysed.
 */
public record ScanReport(Scan scan, List<DetectorResult> results) {
  public ScanReport {
    results = List.copyOf(results);
  }

  /** The findings, one a victim; none when clean or not analysed. */
  public List<Finding> findings() {
    return switch (scan) {
      case Scan.Found found -> found.findings();
      case Scan.Clean _, Scan.NotAnalysed _ -> List.of();
    };
  }
}
