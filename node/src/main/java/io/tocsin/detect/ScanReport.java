package io.tocsin.detect;

import java.util.List;
import java.util.Set;

/**
 * All detectors' answers on one transaction: {@code results} in the order of {@link Detectors#ALL},
 * and {@code scan}, where findings about the same victim are one. A finding of any detector counts;
 * without one, a detector that could not judge makes the whole scan not analysed. {@code signs} say
 * how much speaks for what was found.
 */
public record ScanReport(Scan scan, List<DetectorResult> results, Set<Sign> signs) {
  public ScanReport {
    results = List.copyOf(results);
    signs = Set.copyOf(signs);
  }

  /** Without signs. */
  public ScanReport(Scan scan, List<DetectorResult> results) {
    this(scan, results, Set.of());
  }

  /** The findings, one a victim; none when clean or not analysed. */
  public List<Finding> findings() {
    return switch (scan) {
      case Scan.Found found -> found.findings();
      case Scan.Clean _, Scan.NotAnalysed _ -> List.of();
    };
  }
}
