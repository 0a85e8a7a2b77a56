package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.TxTrace;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Signs that a payment is no plain withdrawal, for when the payer's balance is not known: it ran
 * foreign code, it was paid in first, it was asked again and again, it took no part, or the money
 * to do so was borrowed for the length of the transaction.
 */
final class Symptoms {
  private static final int REPEATED = 3;

  private final TraceFacts facts;
  private final TxTrace trace;
  private final boolean borrowed;
  private final Set<Address> parties;

  Symptoms(TraceFacts facts) {
    this.facts = facts;
    this.trace = facts.trace();
    this.borrowed = borrowed();
    this.parties = parties(trace);
  }

  /** The sign that {@code account} shows, if any. */
  Optional<String> of(Address account, Asset asset) {
    if (runsForeignCode(account)) {
      return Optional.of("it ran code of the sender's side on its own storage");
    }
    if (borrowed) {
      return Optional.of("the sender's side used funds lent for the transaction");
    }
    if (paidIn(account, asset)) {
      return Optional.of("the sender's side paid in first and took out more");
    }
    if (operations(account, asset) >= REPEATED) {
      return Optional.of("it was made to pay again and again");
    }
    if (bystander(account, asset)) {
      return Optional.of(
          "it took no part, and somebody whom it had allowed to was made to take it");
    }
    return Optional.empty();
  }

  private boolean runsForeignCode(Address account) {
    for (CallFrame frame : trace.frames()) {
      if (frame.kind() == FrameKind.DELEGATECALL
          && !frame.failed()
          && frame.from().equals(account)
          && facts.controlled().contains(frame.to())) {
        return true;
      }
    }
    return false;
  }

  private boolean paidIn(Address account, Asset asset) {
    for (Flow flow : facts.flows()) {
      if (flow.to().equals(account)
          && flow.asset().equals(asset)
          && facts.controlled().contains(flow.from())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether all that {@code account} paid was taken by an allowance, while it neither called nor
   * was called, and got no token that is one of its kind.
   */
  private boolean bystander(Address account, Asset asset) {
    if (parties.contains(account)) {
      return false;
    }
    for (Flow flow : facts.paid(account)) {
      if (flow.asset().equals(asset)
          && facts.caller(flow.frame()).selector() != Selectors.TRANSFER_FROM) {
        return false;
      }
    }
    return true;
  }

  /** Who called, was called, or got a token that is one of its kind. */
  private static Set<Address> parties(TxTrace trace) {
    Set<Address> all = trace.accounts();
    for (CallFrame frame : trace.frames()) {
      if (Selectors.SAFE_TRANSFERS.contains(frame.selector())
          && !frame.failed()
          && Words.hasArgument(frame.input(), 1)) {
        all.add(Words.address(frame.input(), 1));
      }
    }
    return all;
  }

  private int operations(Address account, Asset asset) {
    Set<Integer> distinct = new HashSet<>();
    for (Flow flow : facts.paid(account)) {
      if (flow.asset().equals(asset)) {
        distinct.add(facts.operation(flow.frame()));
      }
    }
    return distinct.size();
  }

  /**
   * Whether someone paid the controlled side and, later, got at least as much back of the same
   * asset.
   */
  private boolean borrowed() {
    record Side(Address lender, Asset asset) {}
    Map<Side, BigInteger> lent = new HashMap<>();
    for (Flow flow : facts.flows()) {
      boolean in = facts.controlled().contains(flow.to());
      boolean out = facts.controlled().contains(flow.from());
      if (in && !out && !flow.from().equals(Address.ZERO)) {
        lent.merge(new Side(flow.from(), flow.asset()), flow.amount(), BigInteger::add);
      } else if (out && !in) {
        BigInteger due = lent.get(new Side(flow.to(), flow.asset()));
        if (due != null && flow.amount().compareTo(due) >= 0) {
          return true;
        }
      }
    }
    return false;
  }
}
