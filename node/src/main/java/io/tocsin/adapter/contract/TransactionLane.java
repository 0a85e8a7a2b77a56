package io.tocsin.adapter.contract;

import io.tocsin.adapter.contract.ChainAccess.Quote;
import io.tocsin.adapter.contract.ChainAccess.Submission;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.Transaction1559;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.Signer;
import io.tocsin.respond.SentBook;
import io.tocsin.respond.SentBook.Sent;
import java.time.Duration;
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
  private final List<PrivateRelay> relays;
  private final ReentrantLock lock = new ReentrantLock();

  /** The lane of {@code key}, which nothing else may use on this chain. */
  public TransactionLane(
      Signer key, ChainAccess access, FeePolicy fees, SentBook book, List<PrivateRelay> relays) {
    this.key = key;
    this.access = access;
    this.fees = fees;
    this.book = book;
    this.relays = List.copyOf(relays);
  }

  /** What became of sending. */
  public sealed interface Sending {
    /** Some endpoint took it. */
    record Taken(Sent sent, Fees bid, List<String> by) implements Sending {}

    /** Nobody took it, for certain. */
    record NotTaken(String detail) implements Sending {}

    /** It may be under way. */
    record Unsure(Sent sent, Fees bid, String detail) implements Sending {}

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

  /**
   * Signs and sends a call under {@code id}, which names it in the book.
   *
   * @throws ChainException if the chain does not say what is needed to sign; nothing was sent
   */
  public Sending send(Hash32 id, TxCall call, Quote quote) throws ChainException {
    return send(id, call, quote, Optional.empty());
  }

  /**
   * As {@link #send(Hash32, TxCall, Quote)}, with a bid that goes before {@code rival} if the
   * policy and the balance have one.
   *
   * @throws ChainException if the chain does not say what is needed to sign; nothing was sent
   */
  public Sending send(Hash32 id, TxCall call, Quote quote, Optional<Fees> rival)
      throws ChainException {
    Fees usual = fees.bid(quote.market());
    Wei needed = cost(usual, call, quote);
    if (quote.balance().compareTo(needed) < 0) {
      return new Sending.NoMeans(quote.balance(), needed);
    }
    Fees bid =
        rival
            .filter(r -> !FeePolicy.beats(usual, r, quote.market()))
            .flatMap(
                r ->
                    rungs(usual, call, quote).stream()
                        .filter(rung -> FeePolicy.beats(rung, r, quote.market()))
                        .findFirst())
            .orElse(usual);
    lock.lock();
    try {
      SignedTransaction signed = sign(next(quote.nonce()), bid, call, quote);
      Sent sent = new Sent(id, account(), signed.nonce(), signed.hash());
      Submission submission = submit(sent, signed);
      if (submission.accepted()) {
        return new Sending.Taken(sent, bid, submission.acceptedBy());
      }
      String detail = String.join("; ", submission.refusals());
      if (submission.certain() && relays.isEmpty()) {
        book.forget(sent);
        return new Sending.NotTaken(detail);
      }
      return new Sending.Unsure(sent, bid, detail);
    } finally {
      lock.unlock();
    }
  }

  private Submission submit(Sent sent, SignedTransaction signed) {
    book.record(sent);
    relays.forEach(relay -> relay.submit(signed));
    return access.submit(signed);
  }

  private SignedTransaction sign(long nonce, Fees bid, TxCall call, Quote quote) {
    return new Transaction1559(access.chain(), nonce, bid, quote.gas(), call).sign(key);
  }

  private static Wei cost(Fees bid, TxCall call, Quote quote) {
    return bid.cap().times(quote.gas().amount()).plus(call.value());
  }

  private List<Fees> rungs(Fees sent, TxCall call, Quote quote) {
    return fees.ladder(sent, quote.market()).stream()
        .filter(rung -> cost(rung, call, quote).compareTo(quote.balance()) <= 0)
        .toList();
  }

  /** What may replace {@code sent}, which bids {@code bid}: signed, ascending, affordable. */
  List<SignedTransaction> ladder(Sent sent, Fees bid, TxCall call, Quote quote) {
    return rungs(bid, call, quote).stream()
        .map(rung -> sign(sent.nonce(), rung, call, quote))
        .toList();
  }

  /** Sends {@code rung} in place of {@code sent}; whether some endpoint took it. */
  boolean replace(Sent sent, SignedTransaction rung) {
    return submit(new Sent(sent.key(), sent.sender(), sent.nonce(), rung.hash()), rung).accepted();
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
