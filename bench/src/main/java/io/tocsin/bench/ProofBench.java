package io.tocsin.bench;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Header;
import io.tocsin.chain.Receipt;
import io.tocsin.chain.TransactionJson;
import io.tocsin.chain.Trie;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What it takes to hold a block of 300 transactions, with some 300 bytes of input and three events
 * each, against its hash, its JSON being parsed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ProofBench {
  private static final int TRANSACTIONS = 300;
  private static final String WORD = "0x" + "ab".repeat(32);

  private final Random random = new Random(1);
  private final ObjectNode header = Json.object();
  private final ArrayNode bodies = Json.object().putArray("bodies");
  private final List<Receipt> receipts = new ArrayList<>();

  private String hex(int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    return Bytes.of(content).toHex();
  }

  /** Draws a block. */
  @Setup
  public void draw() throws MalformedException {
    for (String name :
        List.of("parentHash", "sha3Uncles", "stateRoot", "transactionsRoot", "receiptsRoot")) {
      header.put(name, WORD);
    }
    for (String name : List.of("difficulty", "number", "gasLimit", "gasUsed", "timestamp")) {
      header.put(name, "0x1234567");
    }
    header.put("miner", hex(20)).put("logsBloom", hex(256)).put("extraData", hex(24));
    header.put("mixHash", WORD).put("nonce", hex(8)).put("baseFeePerGas", "0x3b9aca00");
    for (int i = 0; i < TRANSACTIONS; i++) {
      bodies.add(body());
      receipts.add(Receipt.parse(receipt(i)));
    }
  }

  private ObjectNode body() {
    ObjectNode body = Json.object().put("type", "0x2").put("chainId", "0x1").put("nonce", "0x7");
    body.put("maxPriorityFeePerGas", "0x3b9aca00").put("maxFeePerGas", "0x4a817c800");
    body.put("gas", "0x30d40").put("to", hex(20)).put("value", "0x0").put("input", hex(300));
    body.put("yParity", "0x1").put("r", WORD).put("s", WORD).putArray("accessList");
    return body;
  }

  private ObjectNode receipt(int place) {
    ObjectNode receipt = Json.object().put("type", "0x2").put("status", "0x1");
    receipt.put("transactionHash", hex(32)).put("blockHash", WORD).put("logsBloom", hex(256));
    receipt.put("cumulativeGasUsed", "0x" + Integer.toHexString(100_000 * (place + 1)));
    ArrayNode logs = receipt.putArray("logs");
    for (int i = 0; i < 3; i++) {
      ObjectNode log = logs.addObject().put("address", hex(20)).put("data", hex(64));
      log.putArray("topics").add(WORD).add(hex(32)).add(hex(32));
    }
    return receipt;
  }

  /** The header's fields to its hash. */
  @Benchmark
  public Header header() throws MalformedException {
    return Header.parse(header);
  }

  /** The bodies to their hashes and the transactions root. */
  @Benchmark
  public Hash32 transactions() throws MalformedException {
    List<Bytes> encoded = new ArrayList<>();
    for (JsonNode body : bodies) {
      Bytes transaction = TransactionJson.encode(body);
      if (Keccak.hash(transaction).isZero()) {
        throw new IllegalStateException("no transaction hashes to zero");
      }
      encoded.add(transaction);
    }
    return Trie.ofList(encoded);
  }

  /** The receipts, which were read anyway, to the receipts root. */
  @Benchmark
  public Hash32 receipts() {
    List<Bytes> encoded = new ArrayList<>();
    receipts.forEach(receipt -> receipt.encoded().ifPresent(encoded::add));
    return Trie.ofList(encoded);
  }
}
