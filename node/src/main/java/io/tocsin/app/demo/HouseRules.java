package io.tocsin.app.demo;

import io.tocsin.base.Address;
import io.tocsin.chain.SignedTransaction;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a block builder leaves out of its blocks, and where bundles come to stand. Thread-safe. */
final class HouseRules {
  private final Set<Address> censored = ConcurrentHashMap.newKeySet();
  private final Set<Address> overlooked = ConcurrentHashMap.newKeySet();
  private volatile BlockPlan.Placement bundles = BlockPlan.Placement.NONE;
  private volatile long emptyBefore;
  private volatile long latency;

  /** Takes bundles from now on, and puts them there. */
  void takeBundles(BlockPlan.Placement placement) {
    bundles = placement;
  }

  /** Where bundles come to stand. */
  BlockPlan.Placement bundles() {
    return bundles;
  }

  /** Leaves every call of {@code contract} out, whatever it pays and whichever way it comes. */
  void censor(Address contract) {
    censored.add(contract);
  }

  /** Has a public pool from which others keep every call of {@code contract} away. */
  void overlook(Address contract) {
    overlooked.add(contract);
  }

  /** Takes from everybody again, and has the whole public pool. */
  void takeEverything() {
    censored.clear();
    overlooked.clear();
  }

  /** Leaves every block before number {@code block} empty of what the pool holds. */
  void leaveEmptyBefore(long block) {
    emptyBefore = block;
  }

  /** Takes only what came at least {@code time} before its block. */
  void lag(Duration time) {
    latency = time.toNanos();
  }

  /** Whether {@code entry} may be in block {@code number}, which is made at {@code nanos}. */
  boolean takes(Pool.Entry entry, long number, long nanos) {
    return number >= emptyBefore
        && entry.terms().minableFrom() <= number
        && nanos - entry.nanos() >= latency
        && !calls(censored, entry.body())
        && !(entry.terms().open() && calls(overlooked, entry.body()));
  }

  /** Whether {@code bundle} may be in block {@code number}. */
  boolean takes(HeldBundle bundle, long number) {
    return number >= emptyBefore
        && bundle.transactions().stream().noneMatch(tx -> calls(censored, tx));
  }

  private static boolean calls(Set<Address> contracts, SignedTransaction transaction) {
    return transaction.call().to().filter(contracts::contains).isPresent();
  }
}
