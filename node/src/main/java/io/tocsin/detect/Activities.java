package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.crypto.Keccak;
import io.tocsin.detect.Activity.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Names what a transaction resembles, from flows and roles alone. */
public final class Activities {
  /** Of the frames that show something, the first this many are named. */
  private static final int SHOWN = 16;

  private static final Set<Integer> LIQUIDATIONS =
      Arrays.stream(
              new String[] {
                "liquidationCall(address,address,address,uint256,bool)",
                "liquidateBorrow(address,uint256,address)",
                "liquidateBorrow(address)",
                "liquidate(address,uint256,address)",
                "liquidate(address)",
                "liquidate(address,address,address,uint256,uint256)",
                "seize(address,address,uint256)",
                "absorb(address,address[])",
                "bite(bytes32,address)"
              })
          .map(s -> Selectors.at(Keccak.hash(Bytes.utf8(s)).bytes(), 0))
          .collect(Collectors.toUnmodifiableSet());

  private final TraceFacts facts;
  private final Roles roles;
  private final List<Activity> found = new ArrayList<>();
  private final Set<Address> pools;

  private Activities(TraceFacts facts, Roles roles) {
    this.facts = facts;
    this.roles = roles;
    this.pools = roles.with(Role.POOL).stream().filter(this::exchanged).collect(Collectors.toSet());
  }

  /** What the transaction of {@code facts} resembles; nothing where no shape fits. */
  public static List<Activity> of(TraceFacts facts, Roles roles) {
    Activities all = new Activities(facts, roles);
    all.arbitrage();
    all.liquidation();
    all.exchange();
    all.migration();
    all.rebalancing();
    new NamedPayment(facts, roles).find().ifPresent(all.found::add);
    return List.copyOf(all.found);
  }

  /** Whether a pool gave one thing for another, and only in one direction. */
  private boolean exchanged(Address pool) {
    return !facts.gains(pool).isEmpty() && !facts.losses(pool).isEmpty() && !backAndForth(pool);
  }

  private boolean backAndForth(Address pool) {
    Set<Asset> in = new HashSet<>();
    Set<Asset> out = new HashSet<>();
    Set<Integer> lending = new HashSet<>();
    roles.loans().stream()
        .filter(l -> l.lender().equals(pool))
        .forEach(
            l -> {
              lending.add(l.span().lent());
              lending.add(l.span().repaid());
            });
    for (Flow flow : facts.flows()) {
      if (lending.contains(flow.frame())) {
        continue;
      }
      if (flow.from().equals(pool)) {
        out.add(flow.asset());
      }
      if (flow.to().equals(pool)) {
        in.add(flow.asset());
      }
    }
    in.retainAll(out);
    return !in.isEmpty();
  }

  /** Whether everybody outside who lost something also got something. */
  private boolean nobodyJustLost() {
    return facts.losers().stream().noneMatch(a -> facts.gains(a).isEmpty());
  }

  private List<Integer> paidBy(Set<Address> accounts) {
    return facts.flows().stream()
        .filter(f -> accounts.contains(f.from()))
        .map(Flow::frame)
        .distinct()
        .limit(SHOWN)
        .toList();
  }

  private void arbitrage() {
    if (facts.gains().isEmpty()
        || !facts.given().isEmpty()
        || pools.size() < 2
        || !nobodyJustLost()
        || !pools.containsAll(facts.losers())) {
      return;
    }
    Set<Asset> lost = new HashSet<>();
    pools.forEach(p -> lost.addAll(facts.losses(p).keySet()));
    boolean closed = pools.stream().allMatch(p -> lost.containsAll(facts.gains(p).keySet()));
    if (closed) {
      found.add(
          new Activity(
              Kind.ARBITRAGE,
              "The sender's side went round "
                  + pools.size()
                  + " pools, each in one direction, and ended with more than it began with; each"
                  + " pool was paid for what it gave.",
              paidBy(pools)));
    }
  }

  private void liquidation() {
    Set<Integer> frames = new LinkedHashSet<>();
    for (CallFrame frame : facts.trace().frames()) {
      if (!frame.failed()
          && frame.kind() == FrameKind.CALL
          && (LIQUIDATIONS.contains(frame.selector()) || seizes(frame))) {
        frames.add(frame.index());
      }
    }
    if (!frames.isEmpty()) {
      found.add(
          new Activity(
              Kind.LIQUIDATION,
              "Somebody's debt was paid by another, who got a claim or collateral of the debtor for"
                  + " it.",
              frames.stream().limit(SHOWN).toList()));
    }
  }

  /**
   * Whether the sender's side pays in a call that names a bystander, and in it gets one thing while
   * another kept in the bystander's name is burnt.
   */
  private boolean seizes(CallFrame call) {
    if (!facts.controlled().contains(call.from()) || facts.controlled().contains(call.to())) {
      return false;
    }
    Set<Address> named = new HashSet<>();
    for (int i = 0; i < 8 && Words.hasArgument(call.input(), i); i++) {
      named.add(Words.address(call.input(), i));
    }
    int end = facts.trace().end(call.index());
    Set<Address> burnt = new HashSet<>();
    boolean pays = false;
    boolean gets = false;
    for (Flow flow : facts.flows()) {
      if (flow.frame() < call.index() || flow.frame() >= end) {
        continue;
      }
      boolean third =
          named.contains(flow.from())
              && !facts.controlled().contains(flow.from())
              && !flow.from().equals(Address.ZERO);
      if (third && flow.to().equals(Address.ZERO)) {
        burnt.add(flow.from());
      }
      pays |= facts.controlled().contains(flow.from());
      gets |= facts.controlled().contains(flow.to());
    }
    return pays && gets && !burnt.isEmpty();
  }

  private void exchange() {
    Map<Asset, BigInteger> gains = facts.gains();
    if (gains.isEmpty() || facts.given().size() != 1 || pools.isEmpty() || !nobodyJustLost()) {
      return;
    }
    Address entry = facts.trace().root().to();
    boolean keeps = !facts.gains(entry).isEmpty() || !facts.losses(entry).isEmpty();
    boolean routed = !keeps || !roles.with(Role.ROUTER).isEmpty();
    if (pools.size() == 1 && !routed && facts.controlled().contains(entry)) {
      found.add(
          new Activity(
              Kind.SANDWICH_LEG,
              "A single exchange with one pool by a contract of the sender's side out of what it"
                  + " holds, with no router between: so are the legs of a sandwich, and other"
                  + " trades of bots.",
              paidBy(pools)));
    } else if (pools.size() > 1 && routed) {
      found.add(
          new Activity(
              Kind.AGGREGATOR_ROUTE,
              "One asset was exchanged for another over "
                  + pools.size()
                  + " pools by a contract that kept nothing.",
              paidBy(pools)));
    } else {
      found.add(new Activity(Kind.EXCHANGE, "One asset was exchanged for another.", paidBy(pools)));
    }
  }

  /** A claim is burnt, another made for the same holder, and what backs it goes across. */
  private void migration() {
    Map<Address, Flow> made = new HashMap<>();
    for (Flow flow : facts.paid(Address.ZERO)) {
      if (facts.minted(flow.asset()).signum() > 0) {
        made.putIfAbsent(flow.to(), flow);
      }
    }
    int tried = 0;
    for (Flow burnt : facts.flows()) {
      Flow claim = made.get(burnt.from());
      if (!burnt.to().equals(Address.ZERO)
          || claim == null
          || claim.asset().equals(burnt.asset())
          || facts.minted(burnt.asset()).signum() >= 0) {
        continue;
      }
      Optional<Flow> across = acrossContracts(Set.of(burnt.asset(), claim.asset()));
      if (across.isPresent()) {
        found.add(
            new Activity(
                Kind.MIGRATION,
                "A claim was burnt and another made for the same holder, while what backs it went"
                    + " from one contract to another.",
                List.of(burnt.frame(), across.get().frame(), claim.frame())));
        return;
      }
      if (++tried >= SHOWN) {
        return;
      }
    }
  }

  /** A payment by a called contract that lost of an asset what another, no pool, has got of it. */
  private Optional<Flow> acrossContracts(Set<Asset> claims) {
    Set<Address> called = called();
    List<Address> losing = facts.losers().stream().filter(called::contains).limit(SHOWN).toList();
    List<Address> gaining =
        called.stream().filter(a -> !facts.gains(a).isEmpty()).limit(SHOWN).toList();
    for (Address from : losing) {
      for (Map.Entry<Asset, BigInteger> lost : facts.losses(from).entrySet()) {
        Asset asset = lost.getKey();
        boolean got =
            !claims.contains(asset)
                && gaining.stream()
                    .map(a -> facts.gains(a).getOrDefault(asset, BigInteger.ZERO))
                    .anyMatch(amount -> near(lost.getValue(), amount));
        if (got) {
          return facts.paid(from).stream().filter(f -> f.asset().equals(asset)).findFirst();
        }
      }
    }
    return Optional.empty();
  }

  private Set<Address> called() {
    Set<Address> all = new LinkedHashSet<>();
    for (CallFrame frame : facts.trace().frames()) {
      if (!frame.failed() && frame.kind() == FrameKind.CALL && frame.selector() != 0) {
        all.add(frame.to());
      }
    }
    all.removeAll(facts.controlled());
    all.removeAll(roles.with(Role.POOL));
    return all;
  }

  private static boolean near(BigInteger a, BigInteger b) {
    return a.subtract(b).abs().multiply(BigInteger.valueOf(100)).compareTo(a) <= 0;
  }

  /** Nothing stays with the sender's side, and a contract of others moves what it holds. */
  private void rebalancing() {
    if (!facts.gains().isEmpty() || !facts.given().isEmpty() || facts.flows().isEmpty()) {
      return;
    }
    Set<Address> called = called();
    boolean through =
        !pools.isEmpty()
            && called.stream()
                .anyMatch(a -> !facts.losses(a).isEmpty() && !facts.gains(a).isEmpty());
    if (through || acrossContracts(Set.of()).isPresent()) {
      found.add(
          new Activity(
              Kind.REBALANCING,
              "Nothing stayed with the sender's side; a contract of others moved what it holds from"
                  + " one place to another.",
              facts.flows().stream().map(Flow::frame).distinct().limit(SHOWN).toList()));
    }
  }
}
