package io.tocsin.detect.evaluate;

import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;

/**
 * How strong the evidence of a scan is. An order and no probability: {@link Calibration} makes one
 * of it. Clean is 0 and not analysed 1. What was found is 2, and one more for each further detector
 * that names the same victim, and up to one more for the largest share of a balance known to be
 * lost; the strongest finding counts.
 */
public final class Strength {
  private Strength() {}

  /** The strength of {@code report}. */
  public static double of(ScanReport report) {
    return switch (report.scan()) {
      case Scan.Clean _ -> 0;
      case Scan.NotAnalysed _ -> 1;
      case Scan.Found found ->
          found.findings().stream().mapToDouble(Strength::of).max().orElseThrow();
    };
  }

  private static double of(Finding finding) {
    double share = finding.losses().stream().mapToDouble(Loss::shareOfBalance).max().orElse(0);
    return 1 + finding.detectors().size() + share;
  }
}
