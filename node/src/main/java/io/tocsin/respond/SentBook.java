package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a responder's key has signed, written down before it is sent, so that a restart knows what
 * may be under way. Thread-safe.
 */
public interface SentBook {
  /**
   * One transaction.
   *
   * @param key the permit's digest
   * @param sender the responder's account on its chain
   */
  record Sent(Hash32 key, AccountId sender, long nonce, Hash32 tx) {}

  /**
   * Writes down a transaction, beside earlier ones under the same key: of those with one nonce at
   * most one is ever mined, and it may be any. Durable on return, as is everything that was put on
   * record before it: the intent, and what the interlock granted.
   *
   * @throws IllegalStateException if it could not be stored; then it must not be sent
   */
  void record(Sent sent);

  /** The transactions under a key in the order in which they were written down. */
  List<Sent> all(Hash32 key);

  /** The latest transaction under a key. */
  default Optional<Sent> of(Hash32 key) {
    List<Sent> all = all(key);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** Everything signed by {@code sender} with this nonce or a later one, ascending. */
  List<Sent> from(AccountId sender, long nonce);

  /** Strikes out a transaction that nobody took. */
  void forget(Sent sent);

  /** A book that lasts as long as the process: for commands and tests, not for a node. */
  static SentBook memory() {
    return new SentBook() {
      private final List<Sent> written = new CopyOnWriteArrayList<>();

      @Override
      public void record(Sent sent) {
        written.remove(sent);
        written.add(sent);
      }

      @Override
      public List<Sent> all(Hash32 key) {
        return written.stream().filter(sent -> sent.key().equals(key)).toList();
      }

      @Override
      public List<Sent> from(AccountId sender, long nonce) {
        return written.stream()
            .filter(sent -> sent.sender().equals(sender) && sent.nonce() >= nonce)
            .sorted(Comparator.comparingLong(Sent::nonce))
            .toList();
      }

      @Override
      public void forget(Sent sent) {
        written.remove(sent);
      }
    };
  }
}
