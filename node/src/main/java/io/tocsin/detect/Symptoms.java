package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.TxTrace;
import java.util.HashSet;
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
  private final Set<Address> parties;
  private final Set<Address> lent = new HashSet<>();
  private final Set<Payment> paidIn = new HashSet<>();

  private record Payment(Address to, Asset asset) {}

  Symptoms(TraceFacts facts) {
    this.facts = facts;
    this.trace = facts.trace();
    this.parties = parties(trace);
    for (CallFrame frame : trace.frames()) {
      if (frame.kind() == FrameKind.DELEGATECALL
          && !frame.failed()
          && facts.controlled().contains(frame.to())) {
        lent.add(frame.from());
      }
    }
    for (Flow flow : facts.flows()) {
      if (facts.controlled().contains(flow.from())) {
        paidIn.add(new Payment(flow.to(), flow.asset()));
      }
    }
  }

  /** The sign that {@code account} shows, if any. */
  Optional<String> of(Address account, Asset asset) {
    return facts.borrowed()
        ? Optional.of("the sender's side used funds lent for the transaction")
        : forced(account, asset);
  }

  /** The sign that {@code account} itself shows, if any, wherever the funds came from. */
  Optional<String> forced(Address account, Asset asset) {
    if (lent.contains(account)) {
      return Optional.of("it ran code of the sender's side on its own storage");
    }
    if (paidIn.contains(new Payment(account, asset))) {
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

  boolean party(Address account) {
    return parties.contains(account);
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

  /** In how many calls of the controlled side {@code account} paid {@code asset}. */
  int operations(Address account, Asset asset) {
    Set<Integer> distinct = new HashSet<>();
    for (Flow flow : facts.paid(account)) {
      if (flow.asset().equals(asset)) {
        distinct.add(facts.operation(flow.frame()));
      }
    }
    return distinct.size();
  }
}
