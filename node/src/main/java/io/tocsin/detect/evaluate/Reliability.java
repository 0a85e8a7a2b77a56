package io.tocsin.detect.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/**
 * How well probabilities foretold what transactions were.
 *
 * @param brier the mean square of what they were off by; 0 is perfect
 * @param base the same if every transaction had been given the share of attacks among all
 * @param points what was said against what was the case, one for each probability given
 */
public record Reliability(int transactions, double brier, double base, List<Point> points) {
  /** Of a normal distribution, 95 % lie within so many standard deviations. */
  private static final double Z = 1.96;

  /** Of so many transactions with this probability so many were attacks. */
  public record Point(double probability, int attacks, int transactions) {
    /** The share of attacks among them. */
    public double share() {
      return (double) attacks / transactions;
    }

    /** The lower end of an interval that holds the true share in 95 of 100 such samples. */
    public double low() {
      return Math.max(0, middle() - half());
    }

    /** Its upper end (Wilson's score interval). */
    public double high() {
      return Math.min(1, middle() + half());
    }

    private double middle() {
      return (share() + Z * Z / (2 * transactions)) / (1 + Z * Z / transactions);
    }

    private double half() {
      double n = transactions;
      double variance = share() * (1 - share()) / n + Z * Z / (4 * n * n);
      return Z * Math.sqrt(variance) / (1 + Z * Z / n);
    }
  }

  public Reliability {
    points = List.copyOf(points);
  }

  /** How well {@code calibration} foretold {@code samples}. */
  public static Reliability of(Calibration calibration, List<Calibration.Sample> samples) {
    TreeMap<Double, Point> points = new TreeMap<>();
    double off = 0;
    int attacks = 0;
    for (Calibration.Sample sample : samples) {
      double said = calibration.probability(sample.strength());
      int is = sample.attack() ? 1 : 0;
      off += (said - is) * (said - is);
      attacks += is;
      points.merge(
          said,
          new Point(said, is, 1),
          (a, b) ->
              new Point(said, a.attacks() + b.attacks(), a.transactions() + b.transactions()));
    }
    int all = samples.size();
    double share = all == 0 ? 0 : (double) attacks / all;
    return new Reliability(
        all,
        all == 0 ? 0 : off / all,
        share * (1 - share),
        Collections.unmodifiableList(new ArrayList<>(points.values())));
  }
}
