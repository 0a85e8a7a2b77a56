package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.TxTrace;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells whether what an account paid out was owed: a claim on it was extinguished or a debt to it
 * was made, or its owner had allowed the sender's side to take it.
 */
final class Consent {
  private final TraceFacts facts;
  private final TxTrace trace;
  private final Set<Address> bought = new HashSet<>();
  private final Set<Address> busy = new HashSet<>();
  private final Set<Approval> approvals = new HashSet<>();
  private final Map<Payment, Boolean> judged = new HashMap<>();

  private record Approval(Address owner, Address token) {}

  private record Payment(Address by, Asset asset) {}

  Consent(TraceFacts facts) {
    this.facts = facts;
    this.trace = facts.trace();
    for (CallFrame frame : trace.frames()) {
      busy.add(frame.from());
      if (!frame.input().isEmpty() || !frame.children().isEmpty()) {
        busy.add(frame.to());
      }
      if (!frame.failed() && Selectors.DEPOSIT.contains(frame.selector())) {
        bought.add(frame.to());
      } else if (!frame.failed() && frame.selector() == Selectors.APPROVE) {
        approvals.add(new Approval(frame.from(), frame.to()));
      }
    }
  }

  /** Whether every payment of {@code asset} by {@code account} was owed or allowed. */
  boolean given(Address account, Asset asset) {
    return judged.computeIfAbsent(new Payment(account, asset), _ -> judge(account, asset));
  }

  private boolean judge(Address account, Asset asset) {
    Set<Integer> seen = new HashSet<>();
    boolean any = false;
    for (Flow flow : facts.paid(account)) {
      if (!flow.asset().equals(asset)) {
        continue;
      }
      any = true;
      if (allowed(flow)) {
        continue;
      }
      int operation = facts.operation(flow.frame());
      if (seen.add(operation) && !owed(operation, account, asset)) {
        return false;
      }
    }
    return any;
  }

  /** Whether a controlled spender took it by an allowance given before this transaction. */
  private boolean allowed(Flow flow) {
    CallFrame call = facts.caller(flow.frame());
    return call.selector() == Selectors.TRANSFER_FROM
        && facts.controlled().contains(call.from())
        && !approvals.contains(new Approval(flow.from(), call.to()));
  }

  private boolean owed(int operation, Address account, Asset asset) {
    int end = trace.end(operation);
    for (Flow flow : facts.flows(operation, end)) {
      if (flow.asset().equals(asset)) {
        continue;
      }
      boolean burnt = flow.to().equals(Address.ZERO);
      boolean minted = flow.from().equals(Address.ZERO);
      BigInteger made = facts.minted(flow.asset());
      if (!facts.own(flow.asset())
          && ((burnt && made.signum() < 0) || (minted && keeps(flow, made)))) {
        return true;
      }
    }
    return redeems(operation, end, account);
  }

  /** Whether the controlled side still holds, at the end, what was made for it. */
  private boolean keeps(Flow flow, BigInteger made) {
    return made.signum() > 0
        && facts.controlled().contains(flow.to())
        && facts.gains().containsKey(flow.asset());
  }

  /**
   * Whether, by the names of functions, a claim is taken out that was not bought in this
   * transaction.
   */
  private boolean redeems(int operation, int end, Address account) {
    for (int i = operation; i < end; i++) {
      CallFrame frame = trace.frame(i);
      boolean called = i == operation || frame.to().equals(account);
      if (called && Selectors.REDEEM.contains(frame.selector())) {
        return !bought.contains(frame.to()) && !bought.contains(account);
      }
    }
    return false;
  }

  /**
   * Whether {@code account} was called by others than the controlled side whenever it paid {@code
   * asset}, and what it did then paid accounts that did nothing, and not that side.
   */
  boolean soldForOthers(Address account, Asset asset) {
    return facts.paid(account).stream()
        .filter(f -> f.asset().equals(asset))
        .allMatch(f -> paysOthers(account, f.frame()));
  }

  private boolean paysOthers(Address account, int frame) {
    int call = frame;
    while (call > 0 && !trace.frame(call).to().equals(account)) {
      call = trace.frame(call).parent();
    }
    List<Flow> under = facts.flows(Math.max(0, call), trace.end(Math.max(0, call)));
    return call > 0
        && !facts.controlled().contains(trace.frame(call).from())
        && under.stream().noneMatch(f -> facts.controlled().contains(f.to()))
        && under.stream().anyMatch(f -> !busy.contains(f.to()) && !facts.gains(f.to()).isEmpty());
  }
}
