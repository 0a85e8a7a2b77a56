package io.tocsin.app.demo;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.SignedTransaction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Puts bundles and the transactions of the pool into one order. A bundle is whole and unbroken in
 * it, every transaction of it can be mined there, and none fails that may not; else it is left out.
 */
final class BlockPlan {
  private final List<SignedTransaction> pool;
  private final Surroundings around;

  /** Where bundles come to stand. */
  enum Placement {
    /** None is taken. */
    NONE,
    /** Before everything from the pool, the best paying first, as the first builders did. */
    FIRST,
    /** By what they pay for a unit of gas in all, as transactions are. */
    BY_PRICE
  }

  /** Runs transactions one after the other on the newest block, in a block that is not kept. */
  @FunctionalInterface
  interface Trial {
    /** What each did; empty if they cannot be run. */
    Optional<List<Run>> run(List<SignedTransaction> transactions);
  }

  /** How a transaction ended. */
  record Run(boolean succeeded, long gas) {}

  /**
   * What the next block is made on.
   *
   * @param nonces the next nonce of each account
   */
  record Surroundings(
      Placement placement, Wei baseFee, ToLongFunction<Address> nonces, Trial trial) {
    Wei tip(SignedTransaction transaction) {
      return transaction.fees().effectiveTip(baseFee);
    }
  }

  private record Offer(HeldBundle bundle, Wei price) {}

  /** Over transactions of the pool, best first. */
  BlockPlan(List<SignedTransaction> pool, Surroundings around) {
    this.pool = List.copyOf(pool);
    this.around = around;
  }

  /** What a block holds: everything in order, and the bundles in it. */
  record Contents(List<SignedTransaction> transactions, List<HeldBundle> bundles) {
    Contents {
      transactions = List.copyOf(transactions);
      bundles = List.copyOf(bundles);
    }

    /** Whether a block of these transactions holds every bundle whole and unbroken. */
    boolean keptIn(List<Hash32> block) {
      return bundles.stream()
          .map(bundle -> bundle.transactions().stream().map(SignedTransaction::hash).toList())
          .allMatch(bundle -> Collections.indexOfSubList(block, bundle) >= 0);
    }
  }

  /** The block with as many of these bundles as it can hold. */
  Contents with(List<HeldBundle> bundles) {
    List<Offer> offers = new ArrayList<>();
    if (around.placement != Placement.NONE) {
      bundles.forEach(bundle -> price(bundle).ifPresent(p -> offers.add(new Offer(bundle, p))));
    }
    offers.sort(Comparator.comparing(Offer::price).reversed());
    while (true) {
      Contents contents = arrange(offers);
      Optional<HeldBundle> broken = broken(contents);
      if (broken.isEmpty()) {
        return contents;
      }
      offers.removeIf(offer -> offer.bundle.equals(broken.get()));
    }
  }

  /** What it pays for a unit of gas at the top of the block; empty if it cannot be there. */
  private Optional<Wei> price(HeldBundle bundle) {
    if (!new Lanes().take(bundle.transactions())) {
      return Optional.empty();
    }
    return around
        .trial
        .run(bundle.transactions())
        .filter(runs -> holds(bundle, runs))
        .map(runs -> price(bundle.transactions(), runs));
  }

  private Wei price(List<SignedTransaction> transactions, List<Run> runs) {
    BigInteger paid = BigInteger.ZERO;
    BigInteger gas = BigInteger.ZERO;
    for (int i = 0; i < runs.size(); i++) {
      BigInteger used = BigInteger.valueOf(runs.get(i).gas);
      paid = paid.add(around.tip(transactions.get(i)).amount().multiply(used));
      gas = gas.add(used);
    }
    return new Wei(paid.divide(gas.max(BigInteger.ONE)));
  }

  private static boolean holds(HeldBundle bundle, List<Run> runs) {
    for (int i = 0; i < runs.size(); i++) {
      if (!runs.get(i).succeeded
          && !bundle.mayRevert().contains(bundle.transactions().get(i).hash())) {
        return false;
      }
    }
    return true;
  }

  private Contents arrange(List<Offer> offers) {
    List<SignedTransaction> order = new ArrayList<>();
    List<HeldBundle> taken = new ArrayList<>();
    Lanes lanes = new Lanes();
    List<Offer> waiting = new ArrayList<>(offers);
    for (SignedTransaction transaction : pool) {
      while (!waiting.isEmpty() && before(waiting.getFirst(), transaction)) {
        take(waiting.removeFirst().bundle, order, taken, lanes);
      }
      if (!lanes.used(transaction)) {
        lanes.add(transaction);
        order.add(transaction);
      }
    }
    waiting.forEach(offer -> take(offer.bundle, order, taken, lanes));
    return new Contents(order, taken);
  }

  private boolean before(Offer offer, SignedTransaction transaction) {
    return around.placement == Placement.FIRST
        || offer.price.compareTo(around.tip(transaction)) > 0;
  }

  private static void take(
      HeldBundle bundle, List<SignedTransaction> order, List<HeldBundle> taken, Lanes lanes) {
    if (lanes.take(bundle.transactions())) {
      order.addAll(bundle.transactions());
      taken.add(bundle);
    }
  }

  /** The first bundle of which something fails here that may not. */
  private Optional<HeldBundle> broken(Contents contents) {
    if (contents.bundles.isEmpty()) {
      return Optional.empty();
    }
    Optional<List<Run>> runs = around.trial.run(contents.transactions);
    return contents.bundles.stream()
        .filter(
            bundle -> {
              int from = contents.transactions.indexOf(bundle.transactions().getFirst());
              int to = from + bundle.transactions().size();
              return runs.isEmpty() || !holds(bundle, runs.get().subList(from, to));
            })
        .findFirst();
  }

  /** Whose turn it is, sender by sender, as the block fills. */
  private final class Lanes {
    private final Map<Address, Long> next = new HashMap<>();

    private long next(Address sender) {
      return next.computeIfAbsent(sender, account -> around.nonces.applyAsLong(account));
    }

    boolean used(SignedTransaction transaction) {
      return transaction.nonce() < next(transaction.sender());
    }

    void add(SignedTransaction transaction) {
      if (transaction.nonce() == next(transaction.sender())) {
        next.put(transaction.sender(), transaction.nonce() + 1);
      }
    }

    /** Whether all can be mined next in this order; then their turns are used. */
    boolean take(List<SignedTransaction> transactions) {
      Map<Address, Long> after = new HashMap<>();
      for (SignedTransaction transaction : transactions) {
        Address sender = transaction.sender();
        long turn = after.getOrDefault(sender, next(sender));
        if (transaction.nonce() != turn || transaction.fees().cap().compareTo(around.baseFee) < 0) {
          return false;
        }
        after.put(sender, turn + 1);
      }
      next.putAll(after);
      return true;
    }
  }
}
