package io.tocsin.detect.evaluate;

import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.Sign;

/**
 * How strong the evidence of a scan is. An order and no probability: {@link Calibration} makes one
 * of it. Clean is 0 and not analysed 1. What was found is 2, and one more for each independent
 * {@link Sign}; the pattern of an attack counts twice, since it says how it was done.
 */
public final class Strength {
  private Strength() {}

  /** The strength of {@code report}. */
  public static double of(ScanReport report) {
    return switch (report.scan()) {
      case Scan.Clean _ -> 0;
      case Scan.NotAnalysed _ -> 1;
      case Scan.Found _ ->
          2 + report.signs().size() + (report.signs().contains(Sign.PATTERN) ? 1 : 0);
    };
  }
}
