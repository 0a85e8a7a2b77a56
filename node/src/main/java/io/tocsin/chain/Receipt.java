package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.math.BigInteger;
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
 * @param encoded its form in the block's receipts root; empty if the node left out what that takes
 *     or the type is none of 0 to 4
 */
public record Receipt(
    Hash32 tx,
    Hash32 block,
    boolean succeeded,
    List<TraceLog> logs,
    Optional<Address> created,
    Optional<Bytes> encoded) {
  private static final int TYPES = 5;

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
    boolean succeeded = TransactionJson.quantity(object, "status").signum() != 0;
    return new Receipt(
        Hash32.parse(object.path("transactionHash").asString("")),
        Hash32.parse(object.path("blockHash").asString("")),
        succeeded,
        logs,
        created.isString() ? Optional.of(Address.parse(created.stringValue())) : Optional.empty(),
        encoded(object, succeeded, logs));
  }

  private static Optional<Bytes> encoded(JsonNode object, boolean succeeded, List<TraceLog> logs)
      throws MalformedException {
    BigInteger type =
        object.has("type") ? TransactionJson.quantity(object, "type") : BigInteger.ZERO;
    boolean known = type.compareTo(BigInteger.valueOf(TYPES)) < 0;
    if (!known || !object.has("cumulativeGasUsed") || !object.has("logsBloom")) {
      return Optional.empty();
    }
    List<Object> events = new ArrayList<>();
    for (TraceLog log : logs) {
      events.add(
          List.of(
              log.emitter().toArray(),
              log.topics().stream().map(Hash32::toArray).toList(),
              log.data().toArray()));
    }
    Bytes body =
        Rlp.list(
            List.of(
                Rlp.number(succeeded ? 1 : 0),
                Rlp.number(TransactionJson.quantity(object, "cumulativeGasUsed")),
                Bytes.parse(object.path("logsBloom").asString("")).toArray(),
                events));
    Bytes prefix = type.signum() == 0 ? Bytes.EMPTY : Bytes.of(type.byteValue());
    return Optional.of(prefix.concat(body));
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
