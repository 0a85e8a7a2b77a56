package io.tocsin.adapter.contract;

import io.tocsin.adapter.contract.ChainAccess.Quote;
import io.tocsin.adapter.contract.ChainAccess.Submission;
import io.tocsin.adapter.contract.Race.Bid;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.Transaction1559;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.Signer;
import io.tocsin.respond.GasBudget;
import io.tocsin.respond.SentBook;
import io.tocsin.respond.SentBook.Sent;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The transactions of one key on one chain, one nonce after the other. Thread-safe.
 *
 * <p>A nonce is taken from the chain, past those whose transactions some endpoint still holds. A
 * transaction that nobody holds gives its nonce to the next, so that a lost one never blocks what
 * follows, and so that it and its successor can never both be mined.
 */
public final class TransactionLane {
  private final Signer key;
  private final ChainAccess access;
  private final FeePolicy fees;
  private final SentBook book;
  private final GasBudget gas;
  private final List<PrivateRelay> relays;
  private final ReentrantLock lock = new ReentrantLock();

  /** The lane of {@code key}, which nothing else may use on this chain. */
  public TransactionLane(
      Signer key,
      ChainAccess access,
      FeePolicy fees,
      SentBook book,
      GasBudget gas,
      List<PrivateRelay> relays) {
    this.key = key;
    this.access = access;
    this.fees = fees;
    this.book = book;
    this.gas = gas;
    this.relays = List.copyOf(relays);
  }

  /** What became of sending. */
  sealed interface Sending {
    /** Some endpoint took it. */
    record Taken(Bid bid, List<String> by) implements Sending {}

    /** Nobody took it, for certain. */
    record NotTaken(String detail) implements Sending {}

    /** It may be under way. */
    record Unsure(Bid bid, String detail) implements Sending {}

    /** The gas budget has no room for it. */
    record OverBudget(String detail) implements Sending {}

    /** The account cannot pay for it. */
    record NoMeans(Wei balance, Wei needed) implements Sending {}
  }

  /** The account that pays. */
  public Address address() {
    return key.address();
  }

  /** The chain's endpoints. */
  public ChainAccess access() {
    return access;
  }

  /** The account on its chain. */
  public AccountId account() {
    return new AccountId(access.chain(), key.address());
  }

  /** What it may bid. */
  FeePolicy fees() {
    return fees;
  }

  /**
   * Signs and sends a call under {@code id}, which names it in the book.
   *
   * @throws ChainException if the chain does not say what is needed to sign; nothing was sent
   */
  Sending send(Hash32 id, TxCall call, Quote quote) throws ChainException {
    return send(id, new Race(call, quote, fees, Optional.empty()), Optional.empty());
  }

  /**
   * As {@link #send(Hash32, TxCall, Quote)}, with a bid that goes before {@code rival} if the race
   * has one.
   *
   * @throws ChainException if the chain does not say what is needed to sign; nothing was sent
   */
  Sending send(Hash32 id, Race race, Optional<Fees> rival) throws ChainException {
    Quote quote = race.quote();
    Wei needed = race.cost(race.usual());
    if (quote.balance().compareTo(needed) < 0) {
      return new Sending.NoMeans(quote.balance(), needed);
    }
    lock.lock();
    try {
      Bid bid = sign(id, next(quote.nonce()), race.against(rival), race);
      Optional<String> refused = charge(bid, race.attack().isPresent());
      if (refused.isPresent()) {
        return new Sending.OverBudget(refused.get());
      }
      Submission submission = submit(bid, () -> offerFirst(bid));
      if (submission.accepted()) {
        return new Sending.Taken(bid, submission.acceptedBy());
      }
      String detail = String.join("; ", submission.refusals());
      if (submission.certain() && relays.isEmpty()) {
        book.forget(bid.sent());
        return new Sending.NotTaken(detail);
      }
      return new Sending.Unsure(bid, detail);
    } finally {
      lock.unlock();
    }
  }

  private Optional<String> charge(Bid bid, boolean pending) {
    Wei most = bid.fees().cap().times(bid.body().gas().amount());
    return gas.take(account(), bid.sent().nonce(), most, pending);
  }

  /** Why the gas budget has no room for a rung of the ladder; empty, and taken, if it has. */
  Optional<String> unaffordable(Bid rung) {
    return charge(rung, false);
  }

  /** What may be spent on gas. */
  GasBudget gas() {
    return gas;
  }

  /** The relays come first, and at once: endpoints that hang must not delay them. */
  private Submission submit(Bid bid, Runnable toRelays) {
    book.record(bid.sent());
    toRelays.run();
    return access.submit(bid.body());
  }

  private void offerFirst(Bid bid) {
    if (!relays.isEmpty()) {
      var _ =
          access.start(
              () -> {
                offer(Bundle.alone(bid.sent().key(), bid.body(), access.height() + 1));
                return bid;
              });
    }
  }

  private Bid sign(Hash32 id, long nonce, Fees fees, Race race) {
    SignedTransaction signed =
        new Transaction1559(access.chain(), nonce, fees, race.quote().gas(), race.call()).sign(key);
    return new Bid(new Sent(id, account(), nonce, signed.hash()), signed);
  }

  /** What may replace {@code bid}: signed, ascending, affordable. */
  List<Bid> ladder(Bid bid, Race race) {
    return race.rungs(bid.fees()).stream()
        .map(rung -> sign(bid.sent().key(), bid.sent().nonce(), rung, race))
        .toList();
  }

  /** Sends a rung of the ladder, with {@code toRelays}; whether some endpoint took it. */
  boolean replace(Bid rung, Runnable toRelays) {
    return submit(rung, toRelays).accepted();
  }

  /** Hands a bundle to every relay. */
  void offer(Bundle bundle) {
    relays.forEach(relay -> relay.submit(bundle));
  }

  /** Of what is on record under {@code id}, the highest bid that some endpoint holds unmined. */
  Optional<Bid> waiting(Hash32 id) {
    return book.all(id).stream()
        .<Bid>mapMulti(
            (sent, out) ->
                access.waiting(sent.tx()).ifPresent(body -> out.accept(new Bid(sent, body))))
        .max(Comparator.comparing(bid -> bid.fees().tip()));
  }

  private long next(long mined) {
    long nonce = mined;
    for (Sent sent : book.from(account(), mined)) {
      if (sent.nonce() == nonce && access.knows(sent.tx())) {
        nonce++;
      }
    }
    return nonce;
  }

  /** Everything on record under {@code id}. */
  List<Sent> all(Hash32 id) {
    return book.all(id);
  }

  /** What is on record under {@code id}. */
  public Optional<Sent> sent(Hash32 id) {
    return book.of(id);
  }

  /** The agreed receipt of {@code sent} or of what it replaced. */
  Optional<MinedTransaction> mined(Sent sent) {
    Optional<MinedTransaction> mined = found(sent);
    mined
        .flatMap(transaction -> transaction.bill().paid())
        .ifPresent(amount -> gas.paid(account(), sent.nonce(), amount));
    return mined;
  }

  private Optional<MinedTransaction> found(Sent sent) {
    Optional<MinedTransaction> latest = access.receipt(sent.tx());
    if (latest.isPresent() || book.all(sent.key()).size() < 2 || !used(sent.nonce())) {
      return latest;
    }
    return book.all(sent.key()).reversed().stream()
        .map(rung -> access.receipt(rung.tx()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private boolean used(long nonce) {
    try {
      return access.nonce(address()) > nonce;
    } catch (ChainException e) {
      return false;
    }
  }

  /** Waits for the agreed receipt of {@code tx}, looking every {@code interval}. */
  public Optional<MinedTransaction> await(Hash32 tx, Duration patience, Duration interval) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<MinedTransaction> mined = access.receipt(tx);
      if (mined.isPresent() || System.nanoTime() - deadline >= 0) {
        return mined;
      }
      try {
        Thread.sleep(interval);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
  }
}
