package io.tocsin.claim;

import java.util.Optional;

/** The kinds of claim, with the number the guardian contract knows each by. */
public enum ClaimKind {
  EXPLOIT_MINED(1, "exploit-mined"),
  EXPLOIT_PENDING(2, "exploit-pending"),
  ALL_CLEAR(3, "all-clear"),
  ROSTER_CHANGED(4, "roster-changed");

  private final int code;
  private final String text;

  ClaimKind(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** The number on chain and on the wire. */
  public int code() {
    return code;
  }

  /** The word in JSON. */
  public String text() {
    return text;
  }

  /** The kind with this number. */
  public static Optional<ClaimKind> ofCode(long code) {
    for (ClaimKind kind : values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** The kind with this word. */
  public static Optional<ClaimKind> ofText(String text) {
    for (ClaimKind kind : values()) {
      if (kind.text.equals(text)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
