package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the chain recorded of a mined transaction.
 *
 * @param succeeded the status; false when the transaction was undone
 * @param logs its events in order; their {@code position} is their index
 * @param created the contract it created, if it was a creation
 */
public record Receipt(
    Hash32 tx, Hash32 block, boolean succeeded, List<TraceLog> logs, Optional<Address> created) {
  public Receipt {
    logs = List.copyOf(logs);
  }

  /**
   * Reads a node's receipt object.
   *
   * @throws MalformedException if a field is missing or wrong
   */
  public static Receipt parse(JsonNode object) throws MalformedException {
    List<TraceLog> logs = new ArrayList<>();
    for (JsonNode log : object.path("logs")) {
      List<Hash32> topics = new ArrayList<>();
      for (JsonNode topic : log.path("topics")) {
        topics.add(Hash32.parse(topic.asString("")));
      }
      if (topics.size() > 4) {
        throw new MalformedException("a log of more than 4 topics");
      }
      logs.add(
          new TraceLog(
              Address.parse(log.path("address").asString("")),
              topics,
              Bytes.parse(log.path("data").asString("")),
              logs.size()));
    }
    JsonNode created = object.path("contractAddress");
    return new Receipt(
        Hash32.parse(object.path("transactionHash").asString("")),
        Hash32.parse(object.path("blockHash").asString("")),
        TransactionJson.quantity(object, "status").signum() != 0,
        logs,
        created.isString() ? Optional.of(Address.parse(created.stringValue())) : Optional.empty());
  }

  /** Whether status and events are those of {@code trace}; if not, the reason. */
  public Optional<String> mismatch(TxTrace trace) {
    if (!tx.equals(trace.tx())) {
      return Optional.of("the receipt is of another transaction");
    }
    if (succeeded == trace.failed()) {
      return Optional.of(
          "the receipt says " + (succeeded ? "success" : "failure") + ", the trace the contrary");
    }
    List<TraceLog> traced = TraceDigest.effectiveLogs(trace);
    if (traced.size() != logs.size()) {
      return Optional.of("the receipt has " + logs.size() + " events, the trace " + traced.size());
    }
    for (int i = 0; i < logs.size(); i++) {
      TraceLog ours = logs.get(i);
      TraceLog theirs = traced.get(i);
      if (!ours.emitter().equals(theirs.emitter())
          || !ours.topics().equals(theirs.topics())
          || !ours.data().equals(theirs.data())) {
        return Optional.of("event " + i + " differs between receipt and trace");
      }
    }
    return Optional.empty();
  }
}
