package io.tocsin.adapter.contract;

import io.tocsin.adapter.contract.Panel.Answer;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.NodeCalls;
import io.tocsin.chain.NodeCalls.Reply;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TransactionJson;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All endpoints of one chain, asked at the same time. Thread-safe.
 *
 * <p>What is <em>agreed</em> was answered equally by two endpoints, or by the only one there is.
 * Numbers for which a spread is normal (nonce, fees, balance) are medians, so that one endpoint of
 * three cannot move them.
 */
public final class ChainAccess implements AutoCloseable {
  private final ChainId chain;
  private final Panel panel;

  /** Over {@code endpoints}, whose owner closes them. */
  public ChainAccess(ChainId chain, List<? extends NodeCalls> endpoints) {
    this.chain = chain;
    this.panel = new Panel(chain, endpoints);
  }

  /** The chain. */
  public ChainId chain() {
    return chain;
  }

  /** What became of a transaction that was handed to every endpoint. */
  public record Submission(List<String> acceptedBy, List<String> refusals, boolean certain) {
    public Submission {
      acceptedBy = List.copyOf(acceptedBy);
      refusals = List.copyOf(refusals);
    }

    /** Whether some endpoint took it. */
    public boolean accepted() {
      return !acceptedBy.isEmpty();
    }
  }

  /** The call object of {@code call}, for {@link #simulate}. */
  static ObjectNode message(Address from, TxCall call) {
    ObjectNode message =
        Json.object()
            .put("from", from.toString())
            .put("value", TransactionJson.quantity(call.value().amount()))
            .put("data", call.input().toHex());
    call.to().ifPresent(to -> message.put("to", to.toString()));
    return message;
  }

  /** What a call would do on the latest block: one success is enough, else what everyone says. */
  public List<CallAnswer> attempt(Address from, TxCall call) {
    ObjectNode message = message(from, call);
    return panel
        .ask(
            e -> CallAnswer.of(e.call("eth_call", message, "latest")),
            all -> all.getLast().value() instanceof CallAnswer.Returned)
        .stream()
        .map(Answer::value)
        .toList();
  }

  /**
   * What {@code data} reads at {@code to}, as agreed.
   *
   * @throws ChainException if the endpoints differ or do not answer
   */
  public CallAnswer read(Address to, Bytes data) throws ChainException {
    ObjectNode message = message(Address.ZERO, TxCall.of(to, data));
    List<Answer<CallAnswer>> answers =
        panel.ask(
            e -> CallAnswer.of(e.call("eth_call", message, "latest")),
            all -> panel.agreed(all).isPresent());
    return panel.requireAgreed("a call of " + to, answers);
  }

  /**
   * Runs calls one after the other in one block after the latest, without sending them; empty when
   * no endpoint can ({@code eth_simulateV1}).
   */
  public Optional<JsonNode> simulate(List<JsonNode> messages) {
    ObjectNode request = Json.object();
    request.putArray("blockStateCalls").addObject().putArray("calls").addAll(messages);
    return panel
        .ask(
            e -> e.call("eth_simulateV1", request, "latest"),
            all -> all.getLast().value() instanceof Reply.Result)
        .stream()
        .map(Answer::value)
        .<JsonNode>mapMulti(
            (reply, out) -> {
              if (reply instanceof Reply.Result(JsonNode value)) {
                out.accept(value.path(0).path("calls"));
              }
            })
        .findFirst();
  }

  /** A transaction that waits to be mined at some endpoint. */
  public Optional<SignedTransaction> waiting(Hash32 tx) {
    return panel
        .ask(
            e -> unmined(e.call("eth_getTransactionByHash", tx.toString())),
            all -> all.getLast().value().isPresent())
        .stream()
        .map(Answer::value)
        .flatMap(Optional::stream)
        .filter(found -> found.hash().equals(tx))
        .findFirst();
  }

  /**
   * What waits to be mined in the turn of {@code attack}, whichever transaction has it by now; of
   * several, that with the highest tip. Signatures are checked, so no endpoint can make one up.
   */
  public Optional<SignedTransaction> rival(Claim.ExploitPending attack) {
    Claim.Turn turn = attack.turn();
    String nonce = TransactionJson.quantity(BigInteger.valueOf(turn.nonce()));
    return panel
        .ask(
            e -> {
              Reply now =
                  e.call("eth_getTransactionBySenderAndNonce", turn.sender().toString(), nonce);
              return unmined(
                  now instanceof Reply.Failure // an endpoint that does not know this method
                      ? e.call("eth_getTransactionByHash", attack.tx().toString())
                      : now);
            },
            _ -> false)
        .stream()
        .map(Answer::value)
        .flatMap(Optional::stream)
        .filter(tx -> tx.sender().equals(turn.sender()) && tx.nonce() == turn.nonce())
        .max(Comparator.comparing(tx -> tx.fees().tip()));
  }

  private static Optional<SignedTransaction> unmined(Reply reply) {
    return reply instanceof Reply.Result(JsonNode value) && value.path("blockNumber").isString()
        ? Optional.empty()
        : transaction(reply);
  }

  /**
   * The number of the latest block.
   *
   * @throws ChainException if nobody says
   */
  public long height() throws ChainException {
    return panel.median("eth_blockNumber", Optional.empty()).longValueExact();
  }

  private static Optional<SignedTransaction> transaction(Reply reply) {
    if (reply instanceof Reply.Result(JsonNode value) && value.isObject()) {
      try {
        return Optional.of(TransactionJson.parse(value));
      } catch (MalformedException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * How many transactions of {@code account} are mined.
   *
   * @throws ChainException if nobody says
   */
  public long nonce(Address account) throws ChainException {
    return panel
        .median("eth_getTransactionCount", Optional.empty(), account.toString(), "latest")
        .longValueExact();
  }

  /**
   * What {@code account} owns.
   *
   * @throws ChainException if nobody says
   */
  public Wei balance(Address account) throws ChainException {
    return new Wei(panel.median("eth_getBalance", Optional.empty(), account.toString(), "latest"));
  }

  /** Whether some endpoint has a transaction, waiting or mined. */
  public boolean knows(Hash32 tx) {
    return panel
        .ask(
            e ->
                e.call("eth_getTransactionByHash", tx.toString())
                        instanceof Reply.Result(JsonNode value)
                    && value.isObject(),
            all -> all.getLast().value())
        .stream()
        .anyMatch(Answer::value);
  }

  /**
   * All that is needed to sign a transaction.
   *
   * @param gas the limit, with a quarter and 30,000 to spare; {@link #GAS_UNKNOWN} where the
   *     endpoints give no estimate
   */
  public record Quote(long nonce, Gas gas, Market market, Wei balance) {}

  /** The gas limit of a call that no endpoint can estimate. */
  public static final Gas GAS_UNKNOWN = new Gas(1_500_000);

  /**
   * Asks for everything that {@code from} needs to send {@code call}, at the same time.
   *
   * @throws ChainException if nonce, base fee or balance stay unknown
   */
  public Quote quote(Address from, TxCall call) throws ChainException {
    var nonce = panel.start(() -> nonce(from));
    var gas = panel.start(() -> gas(from, call));
    var market = panel.start(this::market);
    var balance = panel.start(() -> balance(from));
    return new Quote(panel.join(nonce), panel.join(gas), panel.join(market), panel.join(balance));
  }

  private Gas gas(Address from, TxCall call) {
    try {
      long estimate =
          panel.median("eth_estimateGas", Optional.empty(), message(from, call)).longValueExact();
      return new Gas(estimate + estimate / 4 + 30_000);
    } catch (ChainException e) {
      return GAS_UNKNOWN;
    }
  }

  /**
   * The base fee of the latest block and the tip that endpoints suggest, zero where they do not.
   *
   * @throws ChainException if nobody knows a base fee
   */
  public Market market() throws ChainException {
    Wei base =
        new Wei(
            panel.median("eth_getBlockByNumber", Optional.of("baseFeePerGas"), "latest", false));
    Wei tip;
    try {
      tip = new Wei(panel.median("eth_maxPriorityFeePerGas", Optional.empty()));
    } catch (ChainException e) {
      tip = Wei.ZERO;
    }
    return new Market(base, tip);
  }

  /** What gas costs now, for each unit. */
  public record Market(Wei baseFee, Wei tip) {}

  /** How many endpoints must say the same. */
  int quorum() {
    return panel.quorum();
  }

  /** The result of work that was started. */
  <T> T join(Future<T> work) throws ChainException {
    return panel.join(work);
  }

  /** Work beside the caller's thread. */
  <T> Future<T> start(Callable<T> work) {
    return panel.start(work);
  }

  /** Hands a transaction to every endpoint; answers as soon as one has taken it. */
  public Submission submit(SignedTransaction transaction) {
    String raw = transaction.encoded().toHex();
    List<Answer<Reply>> answers =
        panel.ask(e -> e.call("eth_sendRawTransaction", raw), all -> took(all.getLast().value()));
    List<String> accepted = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    boolean certain = answers.size() == panel.size();
    for (Answer<Reply> answer : answers) {
      if (took(answer.value())) {
        accepted.add(answer.endpoint());
      } else {
        refusals.add(answer.endpoint() + ": " + Panel.describe(answer.value()));
        certain &= answer.value() instanceof Reply.Failure;
      }
    }
    return new Submission(accepted, refusals, certain);
  }

  private static boolean took(Reply reply) {
    return switch (reply) {
      case Reply.Result _ -> true;
      case Reply.Failure(int _, String message, Optional<JsonNode> _) -> {
        String said = message.toLowerCase(Locale.ROOT);
        yield said.contains("already known") || said.contains("already imported");
      }
      case Reply.Unreachable _ -> false;
    };
  }

  /** The receipt of {@code tx} as agreed; empty while there is none or the endpoints differ. */
  public Optional<MinedTransaction> receipt(Hash32 tx) {
    return panel
        .agreed(
            panel.ask(
                e -> receipt(e.call("eth_getTransactionReceipt", tx.toString())),
                all -> panel.agreed(all).isPresent()))
        .flatMap(r -> r);
  }

  private static Optional<MinedTransaction> receipt(Reply reply) {
    if (reply instanceof Reply.Result(JsonNode value) && value.isObject()) {
      try {
        return Optional.of(MinedTransaction.parse(value));
      } catch (MalformedException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * The latest block, or that of {@code number}, as agreed.
   *
   * @throws ChainException if the endpoints differ or do not answer
   */
  public BlockRef block(Optional<Long> number) throws ChainException {
    String name = number.map(n -> "0x" + Long.toHexString(n)).orElse("latest");
    List<Answer<Optional<BlockRef>>> answers =
        panel.ask(
            e -> block(e.call("eth_getBlockByNumber", name, false)),
            all -> panel.agreed(all).isPresent());
    return panel
        .requireAgreed("block " + name, answers)
        .orElseThrow(() -> new ChainException(chain + ": no block " + name));
  }

  private static Optional<BlockRef> block(Reply reply) {
    if (reply instanceof Reply.Result(JsonNode value) && value.isObject()) {
      try {
        return Optional.of(
            new BlockRef(
                TransactionJson.quantity(value, "number").longValueExact(),
                Hash32.parse(Json.text(value, "hash")),
                Instant.ofEpochSecond(
                    TransactionJson.quantity(value, "timestamp").longValueExact())));
      } catch (MalformedException | ArithmeticException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    panel.close();
  }
}
