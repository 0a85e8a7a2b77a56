package io.tocsin.adapter.contract;

import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.chain.NodeCalls.Reply;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What one endpoint says a call would do. */
public sealed interface CallAnswer {
  /** It would succeed and return {@code data}. */
  record Returned(Bytes data) implements CallAnswer {}

  /** It would revert with {@code data}, which is empty when the endpoint gives none. */
  record Reverted(Bytes data) implements CallAnswer {}

  /** The endpoint did not say. */
  record Unanswered(String reason) implements CallAnswer {}

  /** Code of geth, reth, erigon and anvil for a revert with data. */
  int EXECUTION_REVERTED = 3;

  static CallAnswer of(Reply reply) {
    return switch (reply) {
      case Reply.Result(JsonNode value) -> {
        try {
          yield new Returned(Bytes.parse(value.asString("")));
        } catch (MalformedException e) {
          yield new Unanswered("not hex: " + Text.excerpt(value.toString()));
        }
      }
      case Reply.Failure(int code, String message, Optional<JsonNode> data) -> {
        Optional<Bytes> reason = data.flatMap(CallAnswer::revertData);
        if (reason.isPresent()
            || code == EXECUTION_REVERTED
            || message.toLowerCase(Locale.ROOT).contains("revert")) {
          yield new Reverted(reason.orElse(Bytes.EMPTY));
        }
        yield new Unanswered(code + " " + Text.excerpt(message));
      }
      case Reply.Unreachable(String reason) -> new Unanswered(reason);
    };
  }

  /** The data may be the value itself or lie in its field {@code data} (Hardhat). */
  private static Optional<Bytes> revertData(JsonNode node) {
    JsonNode text = node.isObject() ? node.path("data") : node;
    try {
      return text.isString() ? Optional.of(Bytes.parse(text.stringValue())) : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
