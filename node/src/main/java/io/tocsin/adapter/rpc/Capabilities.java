package io.tocsin.adapter.rpc;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.AccountProof;
import io.tocsin.chain.Header;
import io.tocsin.chain.NodeCalls.Reply;
import io.tocsin.chain.Trie;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one endpoint can do. A method found missing is remembered and not tried again until the
 * endpoint reconnects. Thread-safe.
 */
public final class Capabilities {
  private static final String ZERO32 = "0x" + "00".repeat(32);
  private static final String ZERO20 = "0x" + "00".repeat(20);

  /** anvil's sockets answer so for a method they lack; the parameters tried are valid. */
  private static final int INVALID_PARAMETERS = -32_602;

  private final EnumMap<Capability, String> missing = new EnumMap<>(Capability.class);

  /** An endpoint whose proofs held once is not excused from them later. */
  private volatile boolean proved;

  /** The options of {@code callTracer} with events. */
  static ObjectNode callTracer() {
    ObjectNode options = Json.object().put("tracer", "callTracer");
    options.putObject("tracerConfig").put("withLog", true);
    return options;
  }

  /** The options of {@code prestateTracer} for a state diff. */
  static ObjectNode diffTracer() {
    ObjectNode options = Json.object().put("tracer", "prestateTracer");
    options.putObject("tracerConfig").put("diffMode", true);
    return options;
  }

  /**
   * Tries each method once, with arguments that change nothing.
   *
   * @return the fault if the endpoint could not be reached; what was known before then stays
   */
  public Optional<String> probe(JsonRpc rpc) {
    EnumMap<Capability, String> found = new EnumMap<>(Capability.class);
    for (Capability capability : Capability.values()) {
      Reply reply = attempt(rpc, capability);
      switch (reply) {
        case Reply.Result _ -> {}
        case Reply.Failure(int code, String message, _) -> {
          if (lacks(capability, code, message) && !(capability == Capability.PROOFS && proved)) {
            found.put(capability, "the endpoint answers " + code + ": " + message);
          }
        }
        case Reply.Unreachable(String reason) -> {
          return Optional.of(reason);
        }
      }
    }
    proved |= !found.containsKey(Capability.PROOFS);
    synchronized (missing) {
      missing.clear();
      missing.putAll(found);
    }
    return Optional.empty();
  }

  private static boolean lacks(Capability capability, int code, String message) {
    boolean absent =
        code == Reply.Failure.NO_SUCH_METHOD
            || code == -32_004
            || code == INVALID_PARAMETERS
            || message.contains("does not exist")
            || message.contains("not supported")
            || message.contains("not available")
            || message.contains("ethod not found");
    return switch (capability) {
      case TRACE_TRANSACTION, TRACE_BLOCK, BLOCK_RECEIPTS, SIMULATE, TRACE_MODULE -> absent;
      case NEW_HEADS, PENDING_BODIES, POOL, TRACE_CALL, STATE_BY_HASH, PROOFS -> true;
    };
  }

  private static Reply attempt(JsonRpc rpc, Capability capability) {
    ObjectNode call = Json.object().put("from", ZERO20).put("to", ZERO20);
    return switch (capability) {
      case NEW_HEADS -> subscription(rpc, "newHeads");
      case PENDING_BODIES -> subscription(rpc, "newPendingTransactions", true);
      case POOL -> rpc.call("txpool_content");
      case TRACE_BLOCK -> rpc.call("debug_traceBlockByHash", ZERO32, callTracer());
      case TRACE_TRANSACTION -> rpc.call("debug_traceTransaction", ZERO32, callTracer());
      case TRACE_CALL -> rpc.call("debug_traceCall", call, "latest", callTracer());
      case BLOCK_RECEIPTS -> rpc.call("eth_getBlockReceipts", "latest");
      case STATE_BY_HASH -> stateByHash(rpc);
      case SIMULATE -> rpc.call("eth_simulateV1", simulation(), "latest");
      case TRACE_MODULE -> rpc.call("trace_block", "0x0");
      case PROOFS -> proof(rpc);
    };
  }

  /** Proves an account by the header of the newest block; the first block of anvil has no root. */
  private static Reply proof(JsonRpc rpc) {
    Reply head = rpc.call("eth_getBlockByNumber", "latest", false);
    if (!(head instanceof Reply.Result(JsonNode block))) {
      return head;
    }
    Reply reply =
        rpc.call(
            "eth_getProof", ZERO20, new String[] {ZERO32}, block.path("number").asString("latest"));
    if (!(reply instanceof Reply.Result(JsonNode answer))) {
      return reply;
    }
    try {
      Header header = Header.parse(block);
      if (!header.hash().toString().equals(block.path("hash").asString(""))) {
        throw new MalformedException("the header's fields do not hash to the block's hash");
      }
      if (!header.state().equals(Trie.EMPTY)) {
        AccountProof.verify(answer, header.state(), Address.ZERO, List.of(Hash32.ZERO));
      }
      return reply;
    } catch (MalformedException e) {
      return new Reply.Failure(0, "its proof does not hold: " + e.getMessage(), Optional.empty());
    }
  }

  private static ObjectNode simulation() {
    ObjectNode payload = Json.object();
    payload.putArray("blockStateCalls").addObject();
    return payload;
  }

  private static Reply stateByHash(JsonRpc rpc) {
    Reply head = rpc.call("eth_getBlockByNumber", "latest", false);
    if (head instanceof Reply.Result(var block) && block.path("hash").isString()) {
      return rpc.call(
          "eth_getBalance",
          ZERO20,
          Json.object().put("blockHash", block.path("hash").stringValue()));
    }
    return head;
  }

  private static Reply subscription(JsonRpc rpc, Object... parameters) {
    if (!rpc.pushes()) {
      return new Reply.Failure(
          Reply.Failure.NO_SUCH_METHOD, "HTTP carries no subscriptions", Optional.empty());
    }
    Reply reply = rpc.call("eth_subscribe", parameters);
    if (reply instanceof Reply.Result(var id)) {
      rpc.call("eth_unsubscribe", id);
    }
    return reply;
  }

  /** Whether the endpoint can. */
  public boolean has(Capability capability) {
    synchronized (missing) {
      return !missing.containsKey(capability);
    }
  }

  /** Remembers that the endpoint cannot; answers whether that is news. */
  boolean lost(Capability capability, String why) {
    synchronized (missing) {
      return missing.putIfAbsent(capability, why) == null;
    }
  }

  /** What is missing, and how that showed. */
  public Map<Capability, String> missing() {
    synchronized (missing) {
      return Map.copyOf(missing);
    }
  }

  /** What is there. */
  public Set<Capability> present() {
    Set<Capability> all = EnumSet.allOf(Capability.class);
    all.removeAll(missing().keySet());
    return all;
  }
}
