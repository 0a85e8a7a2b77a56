package io.tocsin.chain;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** One endpoint's JSON-RPC methods. Thread-safe; connects and reconnects as needed. */
public interface NodeCalls {
  /**
   * Calls {@code method} and waits for the answer at most for the endpoint's time-out.
   *
   * @param parameters JSON nodes, or text, numbers, booleans, maps and lists that become JSON
   */
  Reply call(String method, Object... parameters);

  /** The name under which the endpoint is shown. */
  String name();

  /** What an endpoint answered. */
  sealed interface Reply {
    /** The call succeeded; {@code value} may be JSON null. */
    record Result(JsonNode value) implements Reply {}

    /** The endpoint refused; {@code code} as JSON-RPC 2.0 defines it, −32601 for no such method. */
    record Failure(int code, String message, Optional<JsonNode> data) implements Reply {
      /** The code for a method that the endpoint lacks. */
      public static final int NO_SUCH_METHOD = -32601;
    }

    /** No answer came, or none that is JSON-RPC; whether the call took effect is unknown. */
    record Unreachable(String reason) implements Reply {}
  }
}
