package io.tocsin.adapter.rpc;

import java.util.Locale;
import java.util.regex.Pattern;

/** An endpoint gave no usable answer; never leaves this package. */
final class Fault extends Exception {
  private static final long serialVersionUID = 1L;

  /** As nodes answer calls that revert, with the data. */
  private static final int EXECUTION_ERROR = 3;

  private static final Pattern UNDONE =
      Pattern.compile("revert|invalid opcode|invalid jump|out of gas|stack (under|over)flow");

  private final boolean reachable;
  private final boolean undone;

  /** With what was asked and what came instead. */
  Fault(String reason, boolean reachable) {
    this(reason, reachable, false);
  }

  private Fault(String reason, boolean reachable, boolean undone) {
    super(reason);
    this.reachable = reachable;
    this.undone = undone;
  }

  /** A JSON-RPC error. */
  static Fault answered(String endpoint, String method, int code, String message) {
    boolean undone =
        code == EXECUTION_ERROR || UNDONE.matcher(message.toLowerCase(Locale.ROOT)).find();
    return new Fault(endpoint + ": " + method + ": " + code + " " + message, true, undone);
  }

  /** Whether the endpoint answered at all. */
  boolean reachable() {
    return reachable;
  }

  /** Whether the endpoint did what was asked and the contract refused, which is an answer. */
  boolean undone() {
    return undone;
  }

  /** The reason. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
