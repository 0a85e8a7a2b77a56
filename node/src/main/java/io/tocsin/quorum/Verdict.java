package io.tocsin.quorum;

import java.util.Optional;

/** What a member signs about a claim. */
public enum Verdict {
  /** It saw the same. */
  CONFIRM(1),
  /** The claim fails on an objective ground. */
  REFUTE(2);

  private final int code;

  Verdict(int code) {
    this.code = code;
  }

  /** The number that is signed. */
  public int code() {
    return code;
  }

  /** The verdict with this number. */
  public static Optional<Verdict> ofCode(long code) {
    for (Verdict verdict : values()) {
      if (verdict.code == code) {
        return Optional.of(verdict);
      }
    }
    return Optional.empty();
  }
}
