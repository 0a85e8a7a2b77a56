package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.TxTrace;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Works out which accounts act for the sender: the sender, the contract it entered by unless that
 * one pays out its own holdings, what these create, and accounts without code to which these hand
 * what they gained.
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
            || !paysOut(entry, with);
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

  /** Whether what {@code entry} lost ended with the others. */
  private boolean paysOut(Address entry, Set<Address> all) {
    Map<Asset, BigInteger> lost = net.of(entry);
    Set<Address> others = new HashSet<>(all);
    others.remove(entry);
    Map<Asset, BigInteger> theirs = net.of(others);
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
    Map<Address, Boolean> gifts = new HashMap<>();
    for (Flow flow : flows) {
      boolean gift = controlled.contains(flow.from()) && !flow.from().equals(trace.sender());
      gifts.merge(flow.to(), gift, Boolean::logicalAnd);
      gifts.put(flow.from(), false);
    }
    gifts.forEach(
        (account, gift) -> {
          if (gift && !busy.contains(account) && !account.equals(Address.ZERO)) {
            controlled.add(account);
          }
        });
  }
}
