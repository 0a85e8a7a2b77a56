package io.tocsin.claim;

/**
 * A claim with its author's evidence and a narrative for people. Nobody but the author stands for
 * the last two.
 */
public record Report(Claim claim, Evidence evidence, String narrative) {
  /** The most characters a narrative holds. */
  public static final int MAX_NARRATIVE = 4_000;

  public Report {
    if (narrative.length() > MAX_NARRATIVE) {
      throw new IllegalArgumentException("a narrative has at most 4,000 characters");
    }
  }
}
