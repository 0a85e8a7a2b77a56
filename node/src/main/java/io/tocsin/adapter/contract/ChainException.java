package io.tocsin.adapter.contract;

/** The endpoints of a chain gave no answer that can be relied on. */
public final class ChainException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what was asked, and what the endpoints said. */
  public ChainException(String message) {
    super(message);
  }
}
