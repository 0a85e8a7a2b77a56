package io.tocsin.policy;

import java.time.Duration;

/** What kind of trigger a mandate serves. Budgets of different classes never touch each other. */
public enum BudgetClass {
  /** A certified, mined exploit of the protected contract itself. */
  DIRECT(0, Duration.ofDays(7)),
  /** A certified, mined exploit of a sibling or of a token relied on. */
  DERIVED(1, Duration.ofDays(7)),
  /** A certified exploit of the protected contract that is not mined yet. */
  PENDING(2, Duration.ofMinutes(10)),
  /** This node's own sighting at the protected contract, without a certificate. */
  LOCAL(3, Duration.ofHours(1));

  private final int code;
  private final Duration longest;

  BudgetClass(int code, Duration longest) {
    this.code = code;
    this.longest = longest;
  }

  /** The number the guardian contract knows it by. */
  public int code() {
    return code;
  }

  /** The longest pause the guardian contract takes for it. */
  public Duration longest() {
    return longest;
  }

  /** The claim kinds it serves, as the guardian contract's bits; none for the local one. */
  public int kinds() {
    return switch (this) {
      case DIRECT, DERIVED -> 1;
      case PENDING -> 2;
      case LOCAL -> 0;
    };
  }
}
