package io.tocsin.app.demo;

import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.SignedTransaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What waits at a block builder, public and private, one transaction a sender and nonce. Not
 * thread-safe: its owner is a {@link BlockBuilder}.
 */
final class Pool {
  private final Map<Hash32, Entry> entries = new LinkedHashMap<>();

  /** A transaction that came at {@code nanos}. */
  record Entry(SignedTransaction body, Terms terms, long nanos) {
    Hash32 tx() {
      return body.hash();
    }
  }

  boolean holds(Hash32 tx) {
    return entries.containsKey(tx);
  }

  /** What has the same sender and nonce as {@code body}. */
  Optional<Entry> rival(SignedTransaction body) {
    return entries.values().stream()
        .filter(e -> e.body.sender().equals(body.sender()) && e.body.nonce() == body.nonce())
        .findFirst();
  }

  /** Whether {@code next} may take the place of {@code old}: a tenth more on tip and cap. */
  static boolean outbids(SignedTransaction next, SignedTransaction old) {
    return tenthMore(next.fees().tip(), old.fees().tip())
        && tenthMore(next.fees().cap(), old.fees().cap());
  }

  private static boolean tenthMore(Wei next, Wei old) {
    return next.times(10).compareTo(old.times(11)) >= 0;
  }

  void add(Entry entry) {
    entries.put(entry.tx(), entry);
  }

  /** Takes a transaction out; empty if it is not there. */
  Optional<Entry> remove(Hash32 tx) {
    return Optional.ofNullable(entries.remove(tx));
  }

  void clear() {
    entries.clear();
  }

  /** Everything that everybody sees. */
  List<Entry> open() {
    return entries.values().stream().filter(e -> e.terms.open()).toList();
  }

  /**
   * What may be in block {@code number} on {@code base}, made at {@code nanos}: by effective tip,
   * each sender's in order of nonce.
   */
  List<Entry> order(long number, Wei base, HouseRules rules, long nanos) {
    List<Entry> waiting = new ArrayList<>();
    entries.values().stream().filter(e -> rules.takes(e, number, nanos)).forEach(waiting::add);
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
