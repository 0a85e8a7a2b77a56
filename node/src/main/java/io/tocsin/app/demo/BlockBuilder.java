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
import java.util.Comparator;
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
 * The only maker of blocks of a {@link LockstepChain}: it keeps the pool, puts transactions in the
 * order of the tip they really pay (as block builders do; anvil's own order is by the cap), and
 * tells both anvils the same. Public transactions lie in the anvils' pools from their submission
 * on, for everyone to see; private ones reach an anvil in the instant in which they are mined, and
 * their notice is withheld ({@link #isPrivate}). It can leave blocks empty and censor a contract.
 * Thread-safe.
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

  private record Entry(Hash32 tx, SignedTransaction body, Terms terms) {
    boolean sameLane(SignedTransaction other) {
      return body.sender().equals(other.sender()) && body.nonce() == other.nonce();
    }
  }

  private final LockstepChain chain;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private final Map<Hash32, Mined> places = new HashMap<>();
  private final Map<Hash32, Entry> pool = new LinkedHashMap<>();
  private final Set<Hash32> hidden = ConcurrentHashMap.newKeySet();
  private final List<Consumer<Mined>> minedListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Taken>> takenListeners = new CopyOnWriteArrayList<>();
  private final Map<CompletableFuture<Hash32>, JsonNode> impersonated = new LinkedHashMap<>();
  private final Set<Address> censored = ConcurrentHashMap.newKeySet();
  private volatile boolean announcing;
  private long emptyBefore;
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

  /** Tells {@code listener} every transaction taken, on the submitting thread. */
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

  /** Leaves every call of {@code contract} out of its blocks, whatever it pays. */
  void censor(Address contract) {
    censored.add(contract);
  }

  /** Takes from all senders again. */
  void censorNobody() {
    censored.clear();
  }

  /** Leaves every block before number {@code block} empty. */
  void leaveEmptyBefore(long block) {
    lock.lock();
    try {
      emptyBefore = block;
    } finally {
      lock.unlock();
    }
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
      if (pool.containsKey(tx)) {
        return declined(-32000, "already known");
      }
      Entry entry = new Entry(tx, body, terms);
      Optional<Entry> rival = pool.values().stream().filter(e -> e.sameLane(body)).findFirst();
      if (rival.isPresent()) {
        if (!outbids(body, rival.get().body)) {
          return declined(-32000, "replacement transaction underpriced");
        }
        pool.remove(rival.get().tx);
        if (rival.get().terms.open) {
          JsonNode _ = chain.tell("anvil_dropTransaction", rival.get().tx.toString());
        }
      }
      if (terms.open) {
        JsonNode _ = chain.tell("eth_sendRawTransaction", raw.toHex());
      } else {
        hidden.add(tx);
      }
      pool.put(tx, entry);
    } catch (AnvilLink.Refused e) {
      return new Submission.Declined(e.error());
    } finally {
      lock.unlock();
    }
    Taken taken = new Taken(tx, body, System.nanoTime());
    takenListeners.forEach(listener -> listener.accept(taken));
    return new Submission.Pooled(tx);
  }

  private static Submission declined(int code, String message) {
    return new Submission.Declined(Json.object().put("code", code).put("message", message));
  }

  private static boolean outbids(SignedTransaction next, SignedTransaction old) {
    return tenthMore(next.fees().tip(), old.fees().tip())
        && tenthMore(next.fees().cap(), old.fees().cap());
  }

  private static boolean tenthMore(Wei next, Wei old) {
    return next.times(10).compareTo(old.times(11)) >= 0;
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
      long next = head.number() + 1;
      List<Entry> offered = order(next);
      offered.forEach(this::send);
      long second = Math.max(time.getEpochSecond(), head.time().getEpochSecond() + 1);
      JsonNode _ = chain.tell("evm_setNextBlockTimestamp", second);
      JsonNode _ = chain.tell("anvil_mine", "0x1");
      head = chain.head();
      long now = System.nanoTime();
      JsonNode latest = chain.ask("eth_getBlockByNumber", "latest", false);
      List<Hash32> transactions = new ArrayList<>();
      for (JsonNode tx : latest.path("transactions")) {
        transactions.add(Hash32.hex(tx.stringValue()));
      }
      transactions.forEach(pool::remove);
      Mined block = new Mined(head, transactions, now);
      transactions.forEach(tx -> places.put(tx, block));
      progress.signalAll();
      mined = block;
      for (Entry entry : List.copyOf(pool.values())) {
        if (entry.terms.open && !offered.contains(entry)) {
          send(entry);
        }
      }
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

  /** Gives both anvils {@code entry}; what they refuse now (a used nonce) leaves the pool. */
  private void send(Entry entry) {
    try {
      JsonNode _ = chain.tell("eth_sendRawTransaction", entry.body.encoded().toHex());
    } catch (AnvilLink.Refused e) {
      pool.remove(entry.tx);
    }
  }

  private boolean takes(Entry entry, long number) {
    return number >= emptyBefore
        && entry.terms.minableFrom <= number
        && entry.body.call().to().filter(censored::contains).isEmpty();
  }

  /** What is minable in block {@code number}: by effective tip, each sender's in order of nonce. */
  private List<Entry> order(long number) {
    Wei base = new Wei(head.nextBaseFee());
    List<Entry> waiting = new ArrayList<>();
    pool.values().stream().filter(e -> takes(e, number)).forEach(waiting::add);
    waiting.sort(Comparator.comparing(e -> e.body.nonce()));
    List<Entry> ordered = new ArrayList<>();
    Comparator<Entry> byTip = Comparator.comparing(e -> e.body.fees().effectiveTip(base));
    while (!waiting.isEmpty()) {
      Map<Address, Entry> firsts = new LinkedHashMap<>();
      waiting.forEach(e -> firsts.putIfAbsent(e.body.sender(), e));
      Entry best = firsts.values().stream().max(byTip).orElseThrow();
      waiting.remove(best);
      ordered.add(best);
    }
    return ordered;
  }
}
