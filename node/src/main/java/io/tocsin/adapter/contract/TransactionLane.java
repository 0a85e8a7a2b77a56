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
    record Taken(Sent sent, List<String> by) implements Sending {}

    /** Nobody took it, for certain. */
    record NotTaken(String detail) implements Sending {}

    /** It may be under way. */
    record Unsure(Sent sent, String detail) implements Sending {}

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
    Fees bid = fees.bid(quote.market());
    Wei needed = bid.cap().times(quote.gas().amount()).plus(call.value());
    if (quote.balance().compareTo(needed) < 0) {
      return new Sending.NoMeans(quote.balance(), needed);
    }
    lock.lock();
    try {
      long nonce = next(quote.nonce());
      SignedTransaction signed =
          new Transaction1559(access.chain(), nonce, bid, quote.gas(), call).sign(key);
      Sent sent = new Sent(id, account(), nonce, signed.hash());
      book.record(sent);
      relays.forEach(relay -> relay.submit(signed));
      Submission submission = access.submit(signed);
      if (submission.accepted()) {
        return new Sending.Taken(sent, submission.acceptedBy());
      }
      String detail = String.join("; ", submission.refusals());
      if (submission.certain() && relays.isEmpty()) {
        book.forget(id);
        return new Sending.NotTaken(detail);
      }
      return new Sending.Unsure(sent, detail);
    } finally {
      lock.unlock();
    }
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

  /** What is on record under {@code id}. */
  public Optional<Sent> sent(Hash32 id) {
    return book.of(id);
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
