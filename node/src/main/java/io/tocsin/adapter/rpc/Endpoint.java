package io.tocsin.adapter.rpc;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.NodeCalls.Reply;
import io.tocsin.chain.Position;
import io.tocsin.chain.Receipt;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.StateDiff;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TransactionJson;
import io.tocsin.chain.TxTrace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/** One endpoint of a chain: its typed methods and what it can do. Thread-safe. */
final class Endpoint implements AutoCloseable {
  private final ChainId chain;
  private final Panel.Common common;
  private final JsonRpc rpc;
  private final String name;
  private final String operator;
  private final Capabilities capabilities = new Capabilities();
  private final ReentrantLock probing = new ReentrantLock();
  private volatile boolean probed;

  Endpoint(Panel.Common common, JsonRpc rpc, String name, String operator) {
    this.chain = common.chain();
    this.common = common;
    this.rpc = rpc;
    this.name = name;
    this.operator = operator;
  }

  String name() {
    return name;
  }

  String operator() {
    return operator;
  }

  Panel.Common common() {
    return common;
  }

  JsonRpc rpc() {
    return rpc;
  }

  Capabilities capabilities() {
    return capabilities;
  }

  boolean can(Capability capability) {
    return probed && capabilities.has(capability);
  }

  /** Probes unless that was done since the last {@link #forget}. */
  void prepare() throws Fault {
    probing.lock();
    try {
      if (probed) {
        return;
      }
      String id = text(call("eth_chainId"));
      ChainId actual;
      try {
        actual = ChainId.evm(new BigInteger(id.substring(2), 16).longValueExact());
      } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new Fault(name() + ": eth_chainId: not a chain id: " + id, true);
      }
      if (!actual.equals(chain)) {
        throw new WrongChain(name() + " is of " + actual + ", configured for " + chain);
      }
      Optional<String> failure = capabilities.probe(rpc);
      if (failure.isPresent()) {
        throw new Fault(failure.get(), false);
      }
      probed = true;
    } finally {
      probing.unlock();
    }
  }

  /** After a lost connection: another program may answer next time. */
  void forget() {
    probed = false;
  }

  /** The endpoint answers for another chain. */
  static final class WrongChain extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongChain(String sentence) {
      super(sentence);
    }
  }

  /** Calls a method whose success is needed. */
  JsonNode call(String method, Object... parameters) throws Fault {
    return switch (rpc.call(method, parameters)) {
      case Reply.Result(JsonNode value) -> value;
      case Reply.Failure(int code, String message, _) ->
          throw Fault.answered(name(), method, code, message);
      case Reply.Unreachable(String reason) -> throw new Fault(reason, false);
    };
  }

  /** A reader of an answer. */
  private interface Decoder<T> {
    T read(JsonNode node) throws MalformedException;
  }

  private <T> T decode(String method, JsonNode node, Decoder<T> decoder) throws Fault {
    try {
      return decoder.read(node);
    } catch (MalformedException e) {
      throw new Fault(name() + ": " + method + ": " + e.getMessage(), true);
    }
  }

  private static String text(JsonNode node) {
    return node.asString("");
  }

  long headNumber() throws Fault {
    JsonNode answer = Json.object().set("n", call("eth_blockNumber"));
    return decode("eth_blockNumber", answer, node -> Block.number(node, "n"));
  }

  Optional<Block> latest() throws Fault {
    return block(call("eth_getBlockByNumber", "latest", false));
  }

  Optional<Block> block(long number) throws Fault {
    return block(call("eth_getBlockByNumber", "0x" + Long.toHexString(number), false));
  }

  Optional<Block> block(Hash32 hash) throws Fault {
    return block(call("eth_getBlockByHash", hash.toString(), false));
  }

  /** The block with this number and the bodies of its transactions. */
  Optional<Block> whole(long number) throws Fault {
    return block(call("eth_getBlockByNumber", "0x" + Long.toHexString(number), true));
  }

  private Optional<Block> block(JsonNode answer) throws Fault {
    if (answer.isNull()) {
      return Optional.empty();
    }
    Block block = decode("eth_getBlock", answer, Block::parse);
    common.headers().keep(block);
    if (common.headers().expected() && !block.sealed()) {
      String what = "the header's fields do not hash to the block's hash";
      String about = "block " + block.ref().number();
      common.conduct().wrong(this, TroubleKind.FORGED_HEADER, about, what);
      throw new Fault(name() + ": " + about + ": " + what, true);
    }
    return Optional.of(block);
  }

  Optional<Receipt> receipt(Hash32 tx) throws Fault {
    JsonNode answer = call("eth_getTransactionReceipt", tx.toString());
    return answer.isNull()
        ? Optional.empty()
        : Optional.of(decode("eth_getTransactionReceipt", answer, Receipt::parse));
  }

  /** The signed body of a transaction not mined yet, checked against hash and sender. */
  Optional<SignedTransaction> pendingBody(Hash32 tx) throws Fault {
    JsonNode answer = call("eth_getTransactionByHash", tx.toString());
    return answer.isNull() || answer.path("blockHash").isString()
        ? Optional.empty()
        : Optional.of(decode("eth_getTransactionByHash", answer, TransactionJson::parse));
  }

  Map<Hash32, Receipt> receipts(Block block) throws Fault {
    Map<Hash32, Receipt> out = new HashMap<>();
    if (can(Capability.BLOCK_RECEIPTS)) {
      JsonNode answer = call("eth_getBlockReceipts", block.ref().hash().toString());
      for (JsonNode item : answer) {
        Receipt receipt = decode("eth_getBlockReceipts", item, Receipt::parse);
        out.put(receipt.tx(), receipt);
      }
      return out;
    }
    for (Hash32 tx : block.transactions()) {
      receipt(tx).ifPresent(receipt -> out.put(tx, receipt));
    }
    return out;
  }

  /** The call trees of all transactions of {@code block}; those that failed are left out. */
  Map<Hash32, TxTrace> traces(Block block) throws Fault {
    Map<Hash32, TxTrace> out = new HashMap<>();
    if (can(Capability.TRACE_BLOCK)) {
      String method = "debug_traceBlockByHash";
      JsonNode answer = call(method, block.ref().hash().toString(), Capabilities.callTracer());
      for (int i = 0; i < answer.size() && i < block.transactions().size(); i++) {
        JsonNode item = answer.get(i);
        Hash32 tx =
            item.has("txHash")
                ? decode(method, item, node -> Hash32.parse(text(node.path("txHash"))))
                : block.transactions().get(i);
        JsonNode result = item.path("result");
        if (result.isObject()) {
          out.put(tx, tree(method, result, tx, mined(block)));
        }
      }
      return out;
    }
    for (Hash32 tx : block.transactions()) {
      out.put(tx, trace(tx, block));
    }
    return out;
  }

  private static Position mined(Block block) {
    return new Position.Mined(block.ref(), block.parent());
  }

  TxTrace trace(Hash32 tx, Block block) throws Fault {
    JsonNode answer = call("debug_traceTransaction", tx.toString(), Capabilities.callTracer());
    if (answer.has("structLogs")) {
      capabilities.lost(Capability.TRACE_TRANSACTION, "debug_traceTransaction ignores callTracer");
    }
    return tree("debug_traceTransaction", answer, tx, mined(block));
  }

  private TxTrace tree(String method, JsonNode answer, Hash32 tx, Position position) throws Fault {
    return decode(method, answer, node -> TraceJson.parse(node, chain, tx, position));
  }

  /** How {@code transaction} would run on top of {@code head}, in {@code surroundings}. */
  TxTrace simulate(SignedTransaction transaction, BlockRef head, Optional<JsonNode> surroundings)
      throws Fault {
    var options = Capabilities.callTracer();
    surroundings.ifPresent(s -> options.set("blockOverrides", s));
    JsonNode answer =
        call(
            "debug_traceCall",
            TransactionJson.callObject(transaction),
            head.hash().toString(),
            options);
    return tree(
        "debug_traceCall",
        answer,
        transaction.hash(),
        new Position.Pending(head, transaction.nonce()));
  }

  StateDiff diff(SignedTransaction transaction, BlockRef head) throws Fault {
    JsonNode answer =
        call(
            "debug_traceCall",
            TransactionJson.callObject(transaction),
            head.hash().toString(),
            Capabilities.diffTracer());
    return decode("debug_traceCall", answer, StateDiff::parse);
  }

  /** Every body in the pool that could be mined now, unchecked. */
  List<JsonNode> pool() throws Fault {
    JsonNode answer = call("txpool_content");
    List<JsonNode> out = new ArrayList<>();
    for (JsonNode bySender : answer.path("pending")) {
      bySender.forEach(out::add);
    }
    return out;
  }

  /** How a block is named in state queries: by hash where the endpoint can, else by number. */
  JsonNode blockParameter(Hash32 hash) throws Fault {
    if (can(Capability.STATE_BY_HASH)) {
      return Json.object().put("blockHash", hash.toString());
    }
    Block block =
        block(hash).orElseThrow(() -> new Fault(name() + ": block " + hash + " unknown", true));
    Optional<Block> canonical = block(block.ref().number());
    if (canonical.isEmpty() || !canonical.get().ref().hash().equals(hash)) {
      throw new Fault(name() + ": block " + hash + " is not canonical", true);
    }
    return Json.mapper().valueToTree("0x" + Long.toHexString(block.ref().number()));
  }

  long nonce(Address account, JsonNode block) throws Fault {
    JsonNode answer =
        Json.object().set("n", call("eth_getTransactionCount", account.toString(), block));
    return decode("eth_getTransactionCount", answer, node -> Block.number(node, "n"));
  }

  Bytes read(StateQuery query, JsonNode block) throws Fault {
    return switch (query) {
      case StateQuery.NativeBalance(Address account) -> {
        JsonNode answer = Json.object().set("n", call("eth_getBalance", account.toString(), block));
        yield decode("eth_getBalance", answer, node -> word(TransactionJson.quantity(node, "n")));
      }
      case StateQuery.Call(Address to, Bytes data) ->
          bytes(
              "eth_call", Json.object().put("to", to.toString()).put("data", data.toHex()), block);
      case StateQuery.Code(Address account) -> bytes("eth_getCode", account.toString(), block);
      case StateQuery.Storage(Address account, Hash32 slot) ->
          bytes("eth_getStorageAt", account.toString(), slot.toString(), block);
    };
  }

  private Bytes bytes(String method, Object... parameters) throws Fault {
    return decode(method, call(method, parameters), node -> Bytes.parse(text(node)));
  }

  /** The answer to {@code eth_getProof}, unchecked. */
  JsonNode proof(Address account, List<Hash32> slots, JsonNode block) throws Fault {
    String[] keys = slots.stream().map(Hash32::toString).toArray(String[]::new);
    return call("eth_getProof", account.toString(), keys, block);
  }

  /** {@code value} in 32 bytes. */
  static Bytes word(BigInteger value) {
    byte[] number = value.toByteArray();
    byte[] word = new byte[32];
    int size = Math.min(32, number.length);
    System.arraycopy(number, number.length - size, word, 32 - size, size);
    return Bytes.of(word);
  }

  @Override
  public void close() {
    rpc.close();
  }
}
