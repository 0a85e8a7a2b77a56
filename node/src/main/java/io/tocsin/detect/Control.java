package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.TxTrace;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Works out which accounts act for the sender: the sender, the contract it entered by unless that
 * one pays out its own holdings, what these create, and accounts without code to which these hand
 * what they gained. So do, where funds were lent for the transaction, accounts without code that
 * its contracts name as receivers, and where the transaction makes the contract it enters by, all
 * accounts without code that only received.
 *
 * <p>A contract that only passes things on nets to nothing, so that counting it in or out changes
 * no sum.
 */
final class Control {
  private final TxTrace trace;
  private final NetFlows net;
  private final Set<Address> controlled = new LinkedHashSet<>();

  private Control(TxTrace trace, NetFlows net) {
    this.trace = trace;
    this.net = net;
  }

  static Set<Address> of(TxTrace trace, List<Flow> flows, NetFlows net, History history) {
    Control control = new Control(trace, net);
    control.entry(history);
    control.beneficiaries(flows);
    return Set.copyOf(control.controlled);
  }

  private void entry(History history) {
    CallFrame root = trace.root();
    controlled.add(root.from());
    Address entry = root.to();
    Set<Address> with = new LinkedHashSet<>(controlled);
    with.add(entry);
    created(with);
    boolean own =
        root.kind().creates()
            || history.creator(entry).filter(root.from()::equals).isPresent()
            || !paysOut(entry);
    if (own) {
      controlled.addAll(with);
    }
  }

  /** Adds what members of {@code by} create; pre-order finds creators before what they create. */
  private void created(Set<Address> by) {
    for (CallFrame frame : trace.frames()) {
      if (frame.kind().creates() && !frame.failed() && by.contains(frame.from())) {
        by.add(frame.to());
      }
    }
  }

  /** Whether what {@code entry} lost ended with the sender; what it makes itself is its own. */
  private boolean paysOut(Address entry) {
    Map<Asset, BigInteger> lost = net.of(entry);
    Map<Asset, BigInteger> theirs = net.of(controlled);
    return lost.entrySet().stream()
        .anyMatch(
            e ->
                e.getValue().signum() < 0
                    && theirs.getOrDefault(e.getKey(), BigInteger.ZERO).signum() > 0);
  }

  private void beneficiaries(List<Flow> flows) {
    Set<Address> busy = new HashSet<>();
    for (CallFrame frame : trace.frames()) {
      busy.add(frame.from());
      if (!frame.input().isEmpty() || !frame.children().isEmpty()) {
        busy.add(frame.to());
      }
    }
    Map<Address, Boolean> gifts = new LinkedHashMap<>();
    Set<Address> paid = new HashSet<>();
    for (Flow flow : flows) {
      boolean gift =
          trace.root().kind().creates()
              || (controlled.contains(flow.from()) && !flow.from().equals(trace.sender()));
      gifts.merge(flow.to(), gift, Boolean::logicalAnd);
      paid.add(flow.from());
    }
    busy.add(Address.ZERO);
    gifts.keySet().removeAll(busy);
    gifts.keySet().removeAll(paid);
    gifts.forEach(
        (account, gift) -> {
          if (gift) {
            controlled.add(account);
          }
        });
    if (Loans.taken(flows, controlled)) {
      for (Flow flow : flows) {
        if (gifts.containsKey(flow.to()) && named(flow)) {
          controlled.add(flow.to());
        }
      }
    }
  }

  /** Whether a contract of the controlled side named the receiver of {@code flow} in its call. */
  private boolean named(Flow flow) {
    for (int at = flow.frame(); at >= 0; at = trace.frame(at).parent()) {
      CallFrame call = trace.frame(at);
      if (controlled.contains(call.from()) && !controlled.contains(call.account())) {
        return !call.from().equals(trace.sender()) && Words.mentions(call.input(), flow.to());
      }
    }
    return false;
  }
}
