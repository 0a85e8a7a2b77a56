package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

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
   * Writes down a transaction in place of an earlier one under the same key; durable on return.
   *
   * @throws IllegalStateException if it could not be stored; then it must not be sent
   */
  void record(Sent sent);

  /** The transaction under a key. */
  Optional<Sent> of(Hash32 key);

  /** Everything signed by {@code sender} with this nonce or a later one, ascending. */
  List<Sent> from(AccountId sender, long nonce);

  /** Strikes out a transaction that nobody took. */
  void forget(Hash32 key);

  /** A book that lasts as long as the process: for commands and tests, not for a node. */
  static SentBook memory() {
    return new SentBook() {
      private final Map<Hash32, Sent> all = new ConcurrentHashMap<>();

      @Override
      public void record(Sent sent) {
        all.put(sent.key(), sent);
      }

      @Override
      public Optional<Sent> of(Hash32 key) {
        return Optional.ofNullable(all.get(key));
      }

      @Override
      public List<Sent> from(AccountId sender, long nonce) {
        return all.values().stream()
            .filter(sent -> sent.sender().equals(sender) && sent.nonce() >= nonce)
            .sorted(Comparator.comparingLong(Sent::nonce))
            .toList();
      }

      @Override
      public void forget(Hash32 key) {
        all.remove(key);
      }
    };
  }
}
