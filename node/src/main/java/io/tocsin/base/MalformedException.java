package io.tocsin.base;

/** Bytes or text from outside that are not what they should be; thrown by codecs only. */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what was read, where, and why it is wrong. */
  public MalformedException(String message) {
    super(message);
  }

  /** With what was read, where, and why it is wrong, and the fault underneath. */
  public MalformedException(String message, Throwable cause) {
    super(message, cause);
  }
}
