package io.tocsin.adapter.rpc;

/** An endpoint gave no usable answer; never leaves this package. */
final class Fault extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean reachable;

  /** With what was asked and what came instead. */
  Fault(String reason, boolean reachable) {
    super(reason);
    this.reachable = reachable;
  }

  /** Whether the endpoint answered at all. */
  boolean reachable() {
    return reachable;
  }

  /** The reason. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
