package io.tocsin.detect.evaluate;

import io.tocsin.detect.Scan;
import java.util.List;

/**
 * Counts over some transactions: those with a finding, those with one at the acting threshold,
 * those not analysed, and those on which the naive rule fires.
 */
public record Tally(int total, int alert, int act, int notAnalysed, int naive) {
  /** Over {@code some}, where {@code acting} is the probability from which a node may act. */
  static Tally of(List<Judged> some, Calibration calibration, double acting) {
    int alert = 0;
    int act = 0;
    int unjudged = 0;
    int naive = 0;
    for (Judged one : some) {
      boolean found = one.alert();
      alert += found ? 1 : 0;
      act += found && calibration.probability(Strength.of(one.report())) >= acting ? 1 : 0;
      unjudged += one.report().scan() instanceof Scan.NotAnalysed ? 1 : 0;
      naive += one.shape().naive() ? 1 : 0;
    }
    return new Tally(some.size(), alert, act, unjudged, naive);
  }

  /** {@code count} as a share of all, 0 where there are none. */
  public double share(int count) {
    return total == 0 ? 0 : (double) count / total;
  }

  /** {@code count} for each 10,000. */
  public double perTenThousand(int count) {
    return 10_000 * share(count);
  }
}
