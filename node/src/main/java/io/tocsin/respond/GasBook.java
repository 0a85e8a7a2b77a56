package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.base.Wei;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What responders spent on gas, across restarts. Thread-safe. */
public interface GasBook {
  /**
   * What one nonce costs its account.
   *
   * @param pending whether it was first bid against a pending attack
   * @param amount what was paid, or the most that any bid of it may cost while that is not known
   * @param at when it was bid last
   */
  record Cost(AccountId payer, long nonce, boolean pending, Wei amount, boolean paid, Instant at) {}

  /**
   * Writes down {@code cost} in place of what was written of its nonce. It counts at once, and is
   * durable before a bid that is written down after it in a {@link SentBook}.
   *
   * @throws IllegalStateException if it cannot be stored; then nothing may be sent
   */
  void put(Cost cost);

  /** What {@code payer} bid since {@code from}. */
  List<Cost> since(AccountId payer, Instant from);

  /** A book that lasts as long as the process: for commands and tests, not for a node. */
  static GasBook memory() {
    record Place(AccountId payer, long nonce) {}
    Map<Place, Cost> costs = new ConcurrentHashMap<>();
    return new GasBook() {
      @Override
      public void put(Cost cost) {
        costs.put(new Place(cost.payer(), cost.nonce()), cost);
      }

      @Override
      public List<Cost> since(AccountId payer, Instant from) {
        return costs.values().stream()
            .filter(cost -> cost.payer().equals(payer) && !cost.at().isBefore(from))
            .toList();
      }
    };
  }
}
