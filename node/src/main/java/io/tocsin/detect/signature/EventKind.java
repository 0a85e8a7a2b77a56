package io.tocsin.detect.signature;

import java.util.Locale;

/** The kinds of event that a signature can ask for. */
public enum EventKind {
  /** One whole transaction. */
  TRANSACTION,
  /** A call that may change state. */
  CALL,
  /** A call that cannot change state. */
  READ,
  /** The caller runs the code of another on its own storage. */
  DELEGATE,
  /** A contract is made. */
  CREATE,
  /** An asset moves; minted from, or burnt to, nobody. */
  TRANSFER,
  /** A source shows a price. */
  PRICE,
  /** A storage word differs after the transaction; known only where a state difference is given. */
  WRITE;

  /** The word for it in a signature. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether other events can happen within one. */
  public boolean nests() {
    return switch (this) {
      case TRANSACTION, CALL, READ, DELEGATE, CREATE -> true;
      case TRANSFER, PRICE, WRITE -> false;
    };
  }
}
