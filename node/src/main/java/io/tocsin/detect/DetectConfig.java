package io.tocsin.detect;

/**
 * Thresholds of detection.
 *
 * @param maxFrames traces with more frames are not analysed
 * @param minShare a loss below this share of the victim's balance is no finding, where the balance
 *     is known
 * @param minShareIfGiven the same where the sender's side also gave something to someone
 * @param dust what stays with an account, as a share of all that passed through it, still counted
 *     as nothing: fees and roundings
 * @param minPriceFactor a price source that moved less than this factor is not dislocated
 * @param maxQueries state is asked for at most this many values a trace
 */
public record DetectConfig(
    int maxFrames,
    double minShare,
    double minShareIfGiven,
    double dust,
    double minPriceFactor,
    int maxQueries) {
  /** What ships. */
  public static final DetectConfig DEFAULT = new DetectConfig(50_000, 0.10, 0.50, 0.01, 1.5, 256);

  public DetectConfig {
    if (maxFrames <= 0 || maxQueries < 0) {
      throw new IllegalArgumentException("maxFrames must be positive, maxQueries not negative");
    }
    if (!(minShare > 0 && minShare <= minShareIfGiven && minShareIfGiven <= 1)
        || !(dust >= 0 && dust < 0.5)) {
      throw new IllegalArgumentException(
          "0 < minShare <= minShareIfGiven <= 1 and 0 <= dust < 0.5 must hold");
    }
    if (!(minPriceFactor > 1)) {
      throw new IllegalArgumentException("minPriceFactor is more than 1, not " + minPriceFactor);
    }
  }
}
