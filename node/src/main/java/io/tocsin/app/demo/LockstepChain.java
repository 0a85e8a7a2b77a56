package io.tocsin.app.demo;

import io.tocsin.app.demo.BlockPlan.Run;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TransactionJson;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One chain run as two anvils that are told the same things in the same order, so that their blocks
 * have equal hashes; they stand for the endpoints of two independent operators. Every command that
 * changes state goes to both, one command after the other, and must be answered alike. Thread-safe;
 * changes that belong together are kept together by their owner, the {@link BlockBuilder}.
 */
final class LockstepChain implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LockstepChain.class);

  private final ChainId id;
  private final List<AnvilProcess> processes;
  private final List<AnvilLink> links;
  private final ExecutorService pool;
  private final ReentrantLock telling = new ReentrantLock();
  private final Scope scope;

  private LockstepChain(
      ChainId id, List<AnvilProcess> processes, List<AnvilLink> links, Scope scope) {
    this.id = id;
    this.processes = List.copyOf(processes);
    this.links = List.copyOf(links);
    this.scope = scope;
    this.pool = scope.add(Threads.virtual("lockstep-" + id.reference()));
  }

  /** A block of the chain, as both anvils name it. */
  record Head(long number, Hash32 hash, Instant time, Fee fee) {
    /** What decides the next block's base fee (EIP-1559), in wei and gas. */
    record Fee(BigInteger base, long used, long limit) {}

    /** The base fee of the block after this one, in wei. */
    BigInteger nextBaseFee() {
      long target = fee.limit / 2;
      BigInteger delta =
          fee.base
              .multiply(BigInteger.valueOf(fee.used - target))
              .divide(BigInteger.valueOf(target))
              .divide(BigInteger.valueOf(8));
      return fee.base.add(delta);
    }
  }

  /** Starts both anvils with their sockets in {@code directory}. */
  static LockstepChain start(Path anvil, ChainId id, Instant genesis, Path directory)
      throws InterruptedException {
    Scope scope = new Scope();
    try {
      String name = "eip155-" + id.reference();
      AnvilProcess first =
          scope.add(AnvilProcess.start(anvil, id, genesis, directory.resolve(name + "-a.ipc")));
      AnvilProcess second =
          scope.add(AnvilProcess.start(anvil, id, genesis, directory.resolve(name + "-b.ipc")));
      AnvilLink left = scope.add(first.connect());
      AnvilLink right = scope.add(second.connect());
      LockstepChain chain =
          new LockstepChain(id, List.of(first, second), List.of(left, right), scope);
      chain.head();
      return chain;
    } catch (RuntimeException | InterruptedException e) {
      scope.close();
      throw e;
    }
  }

  /** The chain's name. */
  ChainId id() {
    return id;
  }

  /** The Unix socket of either anvil, 0 or 1. */
  Path socket(int endpoint) {
    return processes.get(endpoint).socket();
  }

  /** Asks the first anvil. */
  JsonNode ask(String method, Object... parameters) {
    return links.getFirst().call(method, parameters);
  }

  /**
   * Tells both anvils at once and gives their common answer.
   *
   * @throws AnvilLink.Refused if both refuse
   * @throws IllegalStateException if they answer differently: they are no longer in lockstep
   */
  JsonNode tell(String method, Object... parameters) {
    telling.lock();
    try {
      return tellBoth(method, parameters);
    } finally {
      telling.unlock();
    }
  }

  private JsonNode tellBoth(String method, Object... parameters) {
    Future<JsonNode> other = pool.submit(() -> links.getLast().call(method, parameters));
    JsonNode first;
    try {
      first = links.getFirst().call(method, parameters);
    } catch (AnvilLink.Refused e) {
      if (refusal(other)) {
        throw e;
      }
      throw new IllegalStateException("one of two anvils refused " + method, e);
    }
    JsonNode second = answer(method, other);
    if (!first.equals(second)) {
      throw new IllegalStateException(
          "two anvils in lockstep answered " + method + " with " + first + " and " + second);
    }
    return first;
  }

  private static boolean refusal(Future<JsonNode> other) {
    try {
      other.get();
      return false;
    } catch (ExecutionException e) {
      return e.getCause() instanceof AnvilLink.Refused;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static JsonNode answer(String method, Future<JsonNode> other) {
    try {
      return other.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("one of two anvils refused " + method, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + method, e);
    }
  }

  /** The newest block; both anvils must name the same. */
  Head head() {
    JsonNode first;
    JsonNode second;
    telling.lock();
    try {
      first = links.getFirst().call("eth_getBlockByNumber", "latest", false);
      second = links.getLast().call("eth_getBlockByNumber", "latest", false);
    } finally {
      telling.unlock();
    }
    if (!first.path("hash").equals(second.path("hash"))) {
      throw new IllegalStateException("the anvils of " + id + " are no longer in lockstep");
    }
    try {
      return new Head(
          quantity(first.path("number")).longValueExact(),
          Hash32.parse(first.path("hash").stringValue()),
          Instant.ofEpochSecond(quantity(first.path("timestamp")).longValueExact()),
          new Head.Fee(
              quantity(first.path("baseFeePerGas")),
              quantity(first.path("gasUsed")).longValueExact(),
              quantity(first.path("gasLimit")).longValueExact()));
    } catch (MalformedException e) {
      throw new IllegalStateException("anvil gave a block without a hash", e);
    }
  }

  /** How many transactions of {@code account} are mined. */
  long nonce(Address account) {
    return quantity(ask("eth_getTransactionCount", account.toString(), "latest")).longValueExact();
  }

  /**
   * What transactions would do one after the other in block {@code number} with the time {@code
   * second}, which is not kept; empty if anvil cannot run them.
   */
  Optional<List<Run>> trial(List<SignedTransaction> transactions, long number, long second) {
    ObjectNode request = Json.object();
    ObjectNode block = request.putArray("blockStateCalls").addObject();
    block.putObject("blockOverrides").put("number", quantity(number)).put("time", quantity(second));
    var calls = block.putArray("calls");
    transactions.forEach(tx -> calls.add(TransactionJson.callObject(tx).without("nonce")));
    try {
      JsonNode answers = ask("eth_simulateV1", request, "latest").path(0).path("calls");
      return Optional.of(
          answers
              .valueStream()
              .map(
                  answer ->
                      new Run(
                          answer.path("status").asString("").equals("0x1"),
                          quantity(answer.path("gasUsed")).longValueExact()))
              .toList());
    } catch (AnvilLink.Refused e) {
      return Optional.empty();
    }
  }

  /** Takes the newest {@code depth} blocks away; answers the signed transactions they held. */
  List<SignedTransaction> unwind(int depth) {
    List<SignedTransaction> held = new ArrayList<>();
    long last = head().number();
    for (long number = last - depth + 1; number <= last; number++) {
      JsonNode block = ask("eth_getBlockByNumber", quantity(number), true);
      for (JsonNode transaction : block.path("transactions")) {
        try {
          held.add(TransactionJson.parse(transaction));
        } catch (MalformedException e) {
          LOG.debug("not put back: nobody signed it", e); // of an account that was impersonated
        }
      }
    }
    JsonNode _ = tell("anvil_rollback", depth);
    return held;
  }

  /** The number in a JSON-RPC quantity. */
  static BigInteger quantity(JsonNode node) {
    return new BigInteger(node.stringValue().substring(2), 16);
  }

  /** {@code number} as a JSON-RPC quantity. */
  static String quantity(BigInteger number) {
    return "0x" + number.toString(16);
  }

  /** {@code number} as a JSON-RPC quantity. */
  static String quantity(long number) {
    return "0x" + Long.toHexString(number);
  }

  @Override
  public void close() {
    scope.close();
  }
}
