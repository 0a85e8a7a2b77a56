package io.tocsin.app.demo;

import io.tocsin.app.demo.LockstepChain.Head;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.chain.SignedTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * The only maker of blocks of a {@link LockstepChain}: it keeps the pool and the bundles, puts
 * transactions in the order of the tip they really pay (as block builders do; anvil's own order is
 * by the cap), and tells both anvils the same. Public transactions lie in the anvils' pools from
 * their submission on, for everyone to see; private ones and those of bundles reach an anvil in the
 * instant in which they are mined, and their notice is withheld ({@link #isPrivate}). What it
 * leaves out is in its {@link #rules}. Thread-safe.
 */
final class BlockBuilder {
  /** What a submission asks of the builder. */
  record Terms(boolean open, long minableFrom) {
    /** Seen by everyone, minable at once. */
    static final Terms PUBLIC = new Terms(true, 0);

    /** Seen by nobody before it is mined, minable at once. */
    static final Terms PRIVATE = new Terms(false, 0);

    /** Seen by everyone, but left out of every block before number {@code block}. */
    static Terms publicFrom(long block) {
      return new Terms(true, block);
    }
  }

  /** What became of a submission. */
  sealed interface Submission {
    /** It is in the pool. */
    record Pooled(Hash32 tx) implements Submission {}

    /** It is not, for the reason in this JSON-RPC error object. */
    record Declined(JsonNode error) implements Submission {}
  }

  /** A transaction that the builder took into its pool at {@code nanos}. */
  record Taken(Hash32 tx, SignedTransaction body, long nanos) {}

  /** A block that both anvils have since {@code nanos}, and its transactions in order. */
  record Mined(Head head, List<Hash32> transactions, long nanos) {
    Mined {
      transactions = List.copyOf(transactions);
    }
  }

  private final LockstepChain chain;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private final Map<Hash32, Mined> places = new HashMap<>();
  private final Pool pool = new Pool();
  private final HouseRules rules = new HouseRules();
  private final BundleDesk bundles = new BundleDesk();
  private final Set<Hash32> hidden = ConcurrentHashMap.newKeySet();
  private final List<Consumer<Mined>> minedListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Taken>> takenListeners = new CopyOnWriteArrayList<>();
  private final Map<CompletableFuture<Hash32>, JsonNode> impersonated = new LinkedHashMap<>();
  private volatile boolean announcing;
  private Head head;

  /** A builder that mines on {@link #mine} only. */
  BlockBuilder(LockstepChain chain) {
    this.chain = chain;
    this.head = chain.head();
  }

  /** The chain it builds. */
  LockstepChain chain() {
    return chain;
  }

  /** The newest block. */
  Head head() {
    lock.lock();
    try {
      return head;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the pool and reads the head again, after the chain was set back. */
  void refresh() {
    lock.lock();
    try {
      pool.clear();
      bundles.clear();
      places.clear();
      JsonNode _ = chain.tell("anvil_dropAllTransactions");
      head = chain.head();
    } finally {
      lock.unlock();
    }
  }

  /** Tells {@code listener} every block right after both anvils have it, on the mining thread. */
  void onBlock(Consumer<Mined> listener) {
    minedListeners.add(listener);
  }

  /** Tells {@code listener} every transaction taken, before any block can hold it. */
  void onTaken(Consumer<Taken> listener) {
    takenListeners.add(listener);
  }

  /** Whether {@code tx} was submitted privately: its pending notice must not be passed on. */
  boolean isPrivate(Hash32 tx) {
    return hidden.contains(tx);
  }

  /** Lets the endpoints announce public transactions before they are mined, from now on. */
  void announcePool() {
    announcing = true;
  }

  /** Whether the endpoints announce public transactions. */
  boolean announces() {
    return announcing;
  }

  /** What it leaves out. */
  HouseRules rules() {
    return rules;
  }

  /** Waits until block {@code number} is there; false when {@code patience} ran out. */
  boolean awaitBlock(long number, Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lock();
    try {
      while (head.number() < number && nanos > 0) {
        nanos = progress.awaitNanos(nanos);
      }
      return head.number() >= number;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a signed transaction; one that replaces another must bid a tenth more on tip and cap. */
  Submission submit(Bytes raw, Terms terms) {
    SignedTransaction body;
    try {
      body = SignedTransaction.decode(raw);
    } catch (MalformedException e) {
      return declined(-32602, "transaction could not be decoded: " + e.getMessage());
    }
    if (!body.chain().equals(Optional.of(chain.id()))) {
      return declined(-32000, "invalid chain id for signer");
    }
    Hash32 tx = body.hash();
    lock.lock();
    try {
      if (pool.holds(tx)) {
        return declined(-32000, "already known");
      }
      Optional<Pool.Entry> rival = pool.rival(body);
      if (rival.isPresent()) {
        if (!Pool.outbids(body, rival.get().body())) {
          return declined(-32000, "replacement transaction underpriced");
        }
        forget(rival.get().tx());
      }
      if (terms.open) {
        JsonNode _ = chain.tell("eth_sendRawTransaction", raw.toHex());
      } else {
        hidden.add(tx);
      }
      pool.add(new Pool.Entry(body, terms, System.nanoTime()));
      Taken taken = new Taken(tx, body, System.nanoTime());
      takenListeners.forEach(listener -> listener.accept(taken));
      return new Submission.Pooled(tx);
    } catch (AnvilLink.Refused e) {
      return new Submission.Declined(e.error());
    } finally {
      lock.unlock();
    }
  }

  private void forget(Hash32 tx) {
    if (pool.remove(tx).filter(entry -> entry.terms().open()).isPresent()) {
      JsonNode _ = chain.tell("anvil_dropTransaction", tx.toString());
    }
  }

  /** Forgets a transaction, as pools do that are full. */
  void drop(Hash32 tx) {
    lock.lock();
    try {
      forget(tx);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a bundle, the parameter of {@code eth_sendBundle}, from {@code sender}. It stays between
   * sender and builder.
   */
  Submission offer(Address sender, JsonNode bundle) {
    if (rules.bundles() == BlockPlan.Placement.NONE) {
      return declined(-32601, "this builder takes no bundles");
    }
    HeldBundle held;
    try {
      held = HeldBundle.parse(sender, bundle, chain.id());
    } catch (MalformedException | ArithmeticException e) {
      return declined(-32602, "not a bundle: " + e.getMessage());
    }
    lock.lock();
    try {
      return bundles
          .take(held, head.number())
          .<Submission>map(why -> declined(-32000, why))
          .orElseGet(() -> new Submission.Pooled(held.hash()));
    } finally {
      lock.unlock();
    }
  }

  /** The bundles it holds. */
  List<HeldBundle> bundles() {
    lock.lock();
    try {
      return bundles.all();
    } finally {
      lock.unlock();
    }
  }

  private static Submission declined(int code, String message) {
    return new Submission.Declined(Json.object().put("code", code).put("message", message));
  }

  /**
   * Puts an unsigned transaction first into the next block, on behalf of a sender whom both anvils
   * impersonate; its parameters are those of {@code eth_sendTransaction}.
   *
   * @return its hash, once it is in the pool of that block
   */
  Future<Hash32> impersonate(JsonNode transaction) {
    CompletableFuture<Hash32> hash = new CompletableFuture<>();
    lock.lock();
    try {
      JsonNode _ = chain.tell("anvil_impersonateAccount", transaction.path("from").stringValue());
      impersonated.put(hash, transaction);
      return hash;
    } finally {
      lock.unlock();
    }
  }

  /** Mines one block with the time {@code time}, which must be after the block before. */
  Head mine(Instant time) {
    Mined mined;
    lock.lock();
    try {
      JsonNode _ = chain.tell("anvil_dropAllTransactions");
      impersonated.forEach(
          (hash, transaction) -> {
            Hash32 tx = Hash32.hex(chain.tell("eth_sendTransaction", transaction).stringValue());
            hidden.add(tx);
            hash.complete(tx);
          });
      impersonated.clear();
      long second = Math.max(time.getEpochSecond(), head.time().getEpochSecond() + 1);
      BlockPlan.Contents plan = plan(head.number() + 1, second);
      plan.transactions().forEach(this::send);
      JsonNode _ = chain.tell("evm_setNextBlockTimestamp", second);
      JsonNode _ = chain.tell("anvil_mine", "0x1");
      head = chain.head();
      long now = System.nanoTime();
      JsonNode latest = chain.ask("eth_getBlockByNumber", "latest", false);
      List<Hash32> transactions = new ArrayList<>();
      for (JsonNode tx : latest.path("transactions")) {
        transactions.add(Hash32.hex(tx.stringValue()));
      }
      if (!plan.keptIn(transactions)) {
        throw new IllegalStateException("block " + head.number() + " broke a bundle");
      }
      transactions.forEach(pool::remove);
      Mined block = new Mined(head, transactions, now);
      transactions.forEach(tx -> places.put(tx, block));
      progress.signalAll();
      mined = block;
      bundles.advance(head.number());
      pool.open().stream()
          .map(Pool.Entry::body)
          .filter(body -> !plan.transactions().contains(body))
          .forEach(this::send);
    } finally {
      lock.unlock();
    }
    minedListeners.forEach(listener -> listener.accept(mined));
    return mined.head();
  }

  /** Waits until {@code tx} is in a block; empty when {@code patience} ran out. */
  Optional<Mined> await(Hash32 tx, Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lock();
    try {
      while (!places.containsKey(tx) && nanos > 0) {
        nanos = progress.awaitNanos(nanos);
      }
      return Optional.ofNullable(places.get(tx));
    } finally {
      lock.unlock();
    }
  }

  /** What block {@code number} with the time {@code second} holds. */
  private BlockPlan.Contents plan(long number, long second) {
    Wei base = new Wei(head.nextBaseFee());
    List<SignedTransaction> ordered =
        pool.order(number, base, rules, System.nanoTime()).stream().map(Pool.Entry::body).toList();
    List<HeldBundle> offered = bundles.offered(number, second, rules);
    if (offered.isEmpty()) {
      return new BlockPlan.Contents(ordered, List.of());
    }
    BlockPlan.Contents plan =
        new BlockPlan(
                ordered,
                new BlockPlan.Surroundings(
                    rules.bundles(), base, chain::nonce, txs -> chain.trial(txs, number, second)))
            .with(offered);
    plan.bundles().stream()
        .flatMap(bundle -> bundle.transactions().stream())
        .filter(tx -> !pool.holds(tx.hash()))
        .forEach(tx -> hidden.add(tx.hash()));
    return plan;
  }

  /** Gives both anvils {@code body}; what they refuse now (a used nonce) leaves the pool. */
  private void send(SignedTransaction body) {
    try {
      JsonNode _ = chain.tell("eth_sendRawTransaction", body.encoded().toHex());
    } catch (AnvilLink.Refused e) {
      pool.remove(body.hash());
    }
  }

  /**
   * Takes the newest {@code depth} blocks away. What they held lies in the pool again; the blocks
   * mined next are a reorganisation.
   */
  void unwind(int depth) {
    lock.lock();
    try {
      List<SignedTransaction> back = chain.unwind(depth);
      head = chain.head();
      places.values().removeIf(mined -> mined.head().number() > head.number());
      for (SignedTransaction body : back) {
        Terms terms = hidden.contains(body.hash()) ? Terms.PRIVATE : Terms.PUBLIC;
        pool.add(new Pool.Entry(body, terms, System.nanoTime()));
        if (terms.open) {
          send(body);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
