package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which part each account plays in a transaction, told by what it does and never by who it is, so
 * that a source with events and one without them come to the same.
 */
public final class Roles {
  /** Entries of pools at which one asset is given for another. */
  private static final Set<Integer> EXCHANGES =
      selectors(
          "swap(uint256,uint256,address,bytes)",
          "swap(uint256,uint256,address)",
          "swap(address,bool,int256,uint160,bytes)",
          "swap((bytes32,uint8,address,address,uint256,bytes),(address,bool,address,bool),uint256,uint256)",
          "exchange(int128,int128,uint256,uint256)",
          "exchange(uint256,uint256,uint256,uint256)",
          "exchange_underlying(int128,int128,uint256,uint256)",
          "sellBase(address)",
          "sellQuote(address)");

  private static final Set<Integer> BORROWINGS =
      selectors(
          "borrow(uint256)",
          "borrow(address,uint256)",
          "borrow(uint256,address)",
          "borrow(address,uint256,address)",
          "borrow(address,uint256,uint256,uint16,address)");

  private static final Set<Integer> ORACLES =
      selectors(
          "latestAnswer()",
          "latestRoundData()",
          "getPrice(address)",
          "getPrice()",
          "getAssetPrice(address)",
          "getUnderlyingPrice(address)",
          "price()",
          "peek()",
          "consult(address,uint256)",
          "getReferenceData(string,string)");

  private final TraceFacts facts;
  private final TxTrace trace;
  private final Map<Address, Set<Role>> roles = new LinkedHashMap<>();
  private final Map<Address, Set<Address>> implementations = new LinkedHashMap<>();
  private final List<FlashLoan> loans;

  private Roles(TraceFacts facts) {
    this.facts = facts;
    this.trace = facts.trace();
    this.loans =
        FlashLoans.of(trace, facts.flows()).stream()
            .filter(l -> !facts.controlled().contains(l.lender()))
            .toList();
  }

  /** The roles in the transaction of {@code facts}; {@code report} names the victims. */
  public static Roles of(TraceFacts facts, ScanReport report) {
    Roles found = new Roles(facts);
    found.senders();
    report.findings().forEach(f -> found.put(f.subject(), Role.VICTIM));
    report.findings().forEach(f -> found.waysIn(f.why().frames()));
    found.lenders();
    found.pools();
    found.frames();
    found.routers();
    return found;
  }

  private static Set<Integer> selectors(String... signatures) {
    return Arrays.stream(signatures)
        .map(s -> Selectors.at(Keccak.hash(Bytes.utf8(s)).bytes(), 0))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The accounts with a role, each with its roles in the order of {@link Role}. */
  public Map<Address, Set<Role>> all() {
    return Collections.unmodifiableMap(roles);
  }

  /** The roles of {@code account}. */
  public Set<Role> of(Address account) {
    return Collections.unmodifiableSet(roles.getOrDefault(account, Set.of()));
  }

  /** The accounts that play {@code role}. */
  public Set<Address> with(Role role) {
    Set<Address> some = new LinkedHashSet<>();
    roles.forEach(
        (account, all) -> {
          if (all.contains(role)) {
            some.add(account);
          }
        });
    return some;
  }

  /** The contracts whose code a proxy ran, by proxy. */
  public Map<Address, Set<Address>> implementations() {
    return Collections.unmodifiableMap(implementations);
  }

  /** What was lent for the length of a call, in order. */
  public List<FlashLoan> loans() {
    return loans;
  }

  private void put(Address account, Role role) {
    if (!account.equals(Address.ZERO)) {
      roles.computeIfAbsent(account, _ -> EnumSet.noneOf(Role.class)).add(role);
    }
  }

  private void senders() {
    put(trace.sender(), Role.SENDER);
    CallFrame root = trace.root();
    if (root.kind().creates() || !root.input().isEmpty() || !root.children().isEmpty()) {
      put(root.to(), Role.ENTRY);
    }
    for (Address account : facts.controlled()) {
      if (!account.equals(trace.sender())) {
        put(account, Role.SENDER_SIDE);
      }
    }
  }

  /** Whom the sender's side called in the calls that prove a finding. */
  private void waysIn(List<Integer> proof) {
    for (int index : proof) {
      CallFrame frame = trace.frame(index);
      if (frame.kind() == FrameKind.CALL
          && frame.selector() != 0
          && !Selectors.TOKEN_CALLS.contains(frame.selector())
          && facts.controlled().contains(frame.from())
          && !facts.controlled().contains(frame.to())
          && !of(frame.to()).contains(Role.VICTIM)) {
        put(frame.to(), Role.WAY_IN);
      }
    }
  }

  private void lenders() {
    for (FlashLoan loan : loans) {
      put(loan.lender(), Role.LENDER);
      put(loan.parties().desk(), Role.LENDER);
    }
    Set<Address> paying = new HashSet<>();
    facts.flows().forEach(f -> paying.add(f.from()));
    for (CallFrame frame : trace.frames()) {
      if (!frame.failed()
          && frame.kind() == FrameKind.CALL
          && BORROWINGS.contains(frame.selector())
          && (paying.contains(frame.to()) || !facts.paid(frame.to()).isEmpty())) {
        put(frame.to(), Role.LENDER);
      }
    }
  }

  private void pools() {
    facts.prices().stream()
        .filter(PriceSources.Source::pool)
        .forEach(s -> put(s.address(), Role.POOL));
    for (CallFrame frame : trace.frames()) {
      if (!frame.failed()
          && frame.kind() == FrameKind.CALL
          && EXCHANGES.contains(frame.selector())
          && !facts.paid(frame.to()).isEmpty()) {
        put(frame.to(), Role.POOL);
      }
    }
    exchanges();
  }

  /** Accounts outside that in one call of theirs are paid one asset and pay out another. */
  private void exchanges() {
    Map<Integer, Set<Asset>> got = new HashMap<>();
    for (Flow flow : facts.flows()) {
      int call = callOf(flow.to(), flow.frame());
      if (call >= 0 && !flow.from().equals(Address.ZERO)) {
        got.computeIfAbsent(call, _ -> new HashSet<>()).add(flow.asset());
      }
    }
    for (Flow flow : facts.flows()) {
      Address account = flow.from();
      int call = callOf(account, flow.frame());
      if (call >= 0
          && !facts.controlled().contains(account)
          && !flow.to().equals(Address.ZERO)
          && got.getOrDefault(call, Set.of()).stream().anyMatch(a -> !a.equals(flow.asset()))
          && trades(account)) {
        put(account, Role.POOL);
      }
    }
  }

  /** Whether it ends with less of one asset and more of another. */
  private boolean trades(Address account) {
    return !facts.losses(account).isEmpty() && !facts.gains(account).isEmpty();
  }

  /** The nearest call of {@code account} around {@code frame}; -1 if there is none. */
  private int callOf(Address account, int frame) {
    for (int at = frame; at >= 0; at = trace.frame(at).parent()) {
      CallFrame call = trace.frame(at);
      if (call.kind() == FrameKind.CALL && call.to().equals(account) && !call.input().isEmpty()) {
        return at;
      }
    }
    return -1;
  }

  private void frames() {
    for (CallFrame frame : trace.frames()) {
      if (frame.failed() || frame.kind().creates()) {
        continue;
      }
      boolean answers = frame.output().size() >= 32;
      if (frame.kind().borrowsCode()) {
        proxy(frame);
      } else if (answers && ORACLES.contains(frame.selector())) {
        put(frame.to(), Role.ORACLE);
      } else if (answers && frame.selector() == Selectors.BALANCE_OF) {
        put(frame.to(), Role.TOKEN);
      }
    }
    for (Flow flow : facts.flows()) {
      if (flow.asset() instanceof Asset.Token(Address token)) {
        put(token, Role.TOKEN);
      }
    }
    Movements.wrappers(trace).forEach(w -> put(w, Role.WRAPPER));
  }

  /** A delegate call that hands on what its account was called with. */
  private void proxy(CallFrame frame) {
    if (frame.parent() < 0) {
      return;
    }
    CallFrame above = trace.frame(frame.parent());
    if (!above.kind().creates()
        && !frame.input().isEmpty()
        && frame.input().equals(above.input())
        && !frame.to().equals(above.to())) {
      put(frame.from(), Role.PROXY);
      put(frame.to(), Role.IMPLEMENTATION);
      implementations.computeIfAbsent(frame.from(), _ -> new LinkedHashSet<>()).add(frame.to());
    }
  }

  /** Contracts outside that got something and passed all of it on. */
  private void routers() {
    Set<Address> paid = new HashSet<>();
    Set<Address> paying = new HashSet<>();
    for (Flow flow : facts.flows()) {
      paid.add(flow.to());
      paying.add(flow.from());
    }
    for (Address account : paid) {
      Set<Role> known = of(account);
      if (paying.contains(account)
          && !facts.controlled().contains(account)
          && !known.contains(Role.POOL)
          && !known.contains(Role.LENDER)
          && !known.contains(Role.VICTIM)
          && facts.losses(account).isEmpty()
          && facts.gains(account).isEmpty()) {
        put(account, Role.ROUTER);
      }
    }
    for (CallFrame frame : trace.frames()) {
      if (!frame.failed()
          && EXCHANGES.contains(frame.selector())
          && of(frame.to()).contains(Role.POOL)
          && !facts.controlled().contains(frame.from())
          && of(frame.from()).stream().noneMatch(r -> r == Role.POOL || r == Role.VICTIM)
          && facts.losses(frame.from()).isEmpty()) {
        put(frame.from(), Role.ROUTER);
      }
    }
  }
}
