package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.base.Wei;
import io.tocsin.respond.GasBook.Cost;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The most that an account spends on gas within 24 hours, whatever mandates permit: asked before
 * each bid. Of the bids of one nonce at most one is mined, so the highest counts until it is known
 * what was paid. Half of the budget is for what was mined: attacks that are shown and withdrawn
 * again can use up the other half only. Thread-safe.
 */
public final class GasBudget {
  /** How far back spending counts. */
  public static final Duration WINDOW = Duration.ofDays(1);

  private static final BigInteger TWO = BigInteger.TWO;

  private final Wei most;
  private final GasBook book;
  private final InstantSource clock;

  /** A budget of {@code most} for each account, spent as in {@code book}. */
  public GasBudget(Wei most, GasBook book, InstantSource clock) {
    this.most = most;
    this.book = book;
    this.clock = clock;
  }

  /** A budget that never ends, for a person's own commands. */
  public static GasBudget unlimited() {
    Wei all = new Wei(BigInteger.ONE.shiftLeft(200));
    return new GasBudget(all, GasBook.memory(), () -> Instant.EPOCH);
  }

  /**
   * Takes what a bid may cost; empty if that is granted and on record, otherwise why not.
   *
   * @param pending whether it is bid against a pending attack; a later bid of a nonce stays what
   *     the first was
   */
  public synchronized Optional<String> take(AccountId payer, long nonce, Wei bid, boolean pending) {
    Instant now = clock.instant();
    List<Cost> spent = book.since(payer, now.minus(WINDOW));
    Optional<Cost> before = spent.stream().filter(cost -> cost.nonce() == nonce).findFirst();
    boolean cheap = before.map(Cost::pending).orElse(pending);
    Wei amount = before.map(Cost::amount).filter(old -> old.compareTo(bid) > 0).orElse(bid);
    BigInteger all = amount.amount();
    BigInteger half = amount.amount();
    for (Cost cost : spent) {
      if (cost.nonce() != nonce) {
        all = all.add(cost.amount().amount());
        half = cost.pending() ? half.add(cost.amount().amount()) : half;
      }
    }
    if (all.compareTo(most.amount()) > 0) {
      return Optional.of(refusal(payer, all, most.amount(), ""));
    }
    if (cheap && half.compareTo(most.amount().divide(TWO)) > 0) {
      return Optional.of(
          refusal(payer, half, most.amount().divide(TWO), " against pending attacks"));
    }
    book.put(new Cost(payer, nonce, cheap, amount, false, now));
    return Optional.empty();
  }

  private static String refusal(AccountId payer, BigInteger with, BigInteger most, String what) {
    return payer
        + " may spend "
        + ether(most)
        + " ether on gas"
        + what
        + " within 24 hours, and with this bid it could be "
        + ether(with);
  }

  private static String ether(BigInteger amount) {
    return new Wei(amount).toEther().toPlainString();
  }

  /** A transaction with this nonce was mined, and {@code amount} was paid. */
  public synchronized void paid(AccountId payer, long nonce, Wei amount) {
    book.since(payer, clock.instant().minus(WINDOW)).stream()
        .filter(cost -> cost.nonce() == nonce && !cost.paid())
        .findFirst()
        .ifPresent(
            cost -> book.put(new Cost(payer, nonce, cost.pending(), amount, true, cost.at())));
  }

  /** Why {@code payer} might soon send nothing more; empty while a quarter is left. */
  public Optional<String> low(AccountId payer) {
    return left(payer).times(4).compareTo(most) < 0
        ? Optional.of(
            payer
                + " has spent, or may have to pay, more than three quarters of its gas budget of "
                + ether(most.amount())
                + " ether in 24 hours; beyond it nothing is sent")
        : Optional.empty();
  }

  /** What {@code payer} may still spend now. */
  public synchronized Wei left(AccountId payer) {
    BigInteger spent =
        book.since(payer, clock.instant().minus(WINDOW)).stream()
            .map(cost -> cost.amount().amount())
            .reduce(BigInteger.ZERO, BigInteger::add);
    return new Wei(most.amount().subtract(spent).max(BigInteger.ZERO));
  }
}
