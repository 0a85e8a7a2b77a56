package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What all detectors need to know about a trace, worked out once: movements, who the sender
 * controls, what that side gained and gave, and who lost without getting anything.
 */
public final class TraceFacts {
  private final TxTrace trace;
  private final DetectConfig config;
  private final StateReads reads;
  private final History history;
  private final List<Flow> flows;
  private final NetFlows net;
  private final Set<Address> controlled;
  private final Set<Address> made = new HashSet<>();
  private final Balances balances;
  private final Map<Asset, BigInteger> minted = new HashMap<>();
  private final Map<Asset, BigInteger> lost = new HashMap<>();
  private final List<PriceSources.Source> prices;
  private final Symptoms symptoms;
  private final Consent consent;
  private final Map<Asset, BigInteger> gains;
  private final Map<Asset, BigInteger> given;
  private final List<Address> losers;
  private final Map<Address, List<Flow>> paid = new HashMap<>();

  TraceFacts(TxTrace trace, StateReads reads, History history, DetectConfig config) {
    this.trace = trace;
    this.config = config;
    this.reads = reads;
    this.history = history;
    this.flows = Movements.of(trace);
    this.net = new NetFlows(flows, config.dust());
    this.controlled = Control.of(trace, flows, net, history);
    this.balances = new Balances(trace, reads, flows);
    for (CallFrame frame : trace.frames()) {
      if (frame.kind().creates() && !frame.failed()) {
        made.add(frame.to());
      }
    }
    for (Flow flow : flows) {
      paid.computeIfAbsent(flow.from(), _ -> new ArrayList<>()).add(flow);
      if (flow.from().equals(Address.ZERO)) {
        minted.merge(flow.asset(), flow.amount(), BigInteger::add);
      } else if (flow.to().equals(Address.ZERO)) {
        minted.merge(flow.asset(), flow.amount().negate(), BigInteger::add);
      }
    }
    this.prices = PriceSources.of(trace, reads);
    Map<Asset, BigInteger> own = net.of(controlled);
    this.gains = part(own, 1);
    this.given = part(own, -1);
    this.losers = findLosers();
    for (Address loser : losers) {
      losses(loser).forEach((asset, amount) -> lost.merge(asset, amount, BigInteger::add));
    }
    this.consent = new Consent(this);
    this.symptoms = new Symptoms(this);
  }

  public TxTrace trace() {
    return trace;
  }

  public DetectConfig config() {
    return config;
  }

  /** The recorded state before. */
  public StateReads reads() {
    return reads;
  }

  /** The sender of the earlier transaction that made {@code contract}, if it was seen. */
  public Optional<Address> creator(Address contract) {
    return history.creator(contract);
  }

  /** Whether {@code contract} was made in this transaction. */
  public boolean made(Address contract) {
    return made.contains(contract);
  }

  /** Everything that moved, in order of frames. */
  public List<Flow> flows() {
    return flows;
  }

  /** The sender, and all that acts for it. */
  public Set<Address> controlled() {
    return controlled;
  }

  /** What the controlled side gained on balance, without assets that it made itself. */
  public Map<Asset, BigInteger> gains() {
    return gains;
  }

  /** What the controlled side gave on balance (positive amounts), without assets of its own. */
  public Map<Asset, BigInteger> given() {
    return given;
  }

  /** What {@code account} gained on balance. */
  public Map<Asset, BigInteger> gains(Address account) {
    return part(net.of(account), 1);
  }

  /** What {@code account} lost on balance, as positive amounts. */
  public Map<Asset, BigInteger> losses(Address account) {
    return part(net.of(account), -1);
  }

  private Map<Asset, BigInteger> part(Map<Asset, BigInteger> all, int sign) {
    Map<Asset, BigInteger> some = new LinkedHashMap<>();
    all.forEach(
        (asset, amount) -> {
          if (amount.signum() == sign && !own(asset)) {
            some.put(asset, amount.abs());
          }
        });
    return Collections.unmodifiableMap(some);
  }

  /**
   * Whether {@code asset} is a token that the controlled side keeps, so that it is worth nothing.
   */
  public boolean own(Asset asset) {
    return asset instanceof Asset.Token(Address token)
        && (controlled.contains(token) || made.contains(token));
  }

  /** Accounts outside the controlled side that lost something on balance, in order. */
  public List<Address> losers() {
    return losers;
  }

  /** What {@code account} paid to anyone, in order of frames. */
  public List<Flow> paid(Address account) {
    return Collections.unmodifiableList(paid.getOrDefault(account, List.of()));
  }

  private List<Address> findLosers() {
    List<Address> all = new ArrayList<>();
    for (Address account : net.accounts()) {
      if (!account.equals(Address.ZERO)
          && !controlled.contains(account)
          && !losses(account).isEmpty()) {
        all.add(account);
      }
    }
    return List.copyOf(all);
  }

  /** How much of {@code asset} came into being on balance; negative if more was burnt. */
  public BigInteger minted(Asset asset) {
    return minted.getOrDefault(asset, BigInteger.ZERO);
  }

  /** How much of {@code asset} all losers outside the controlled side lost on balance. */
  public BigInteger lost(Asset asset) {
    return lost.getOrDefault(asset, BigInteger.ZERO);
  }

  /**
   * Whether of all that the controlled side gave it gave at least twice what it held before, so
   * that some came from nowhere; no where it is not known what it held.
   */
  public boolean gaveOnlyConjured() {
    Map<Asset, BigInteger> held = new HashMap<>();
    for (Address account : controlled) {
      for (Asset asset : losses(account).keySet()) {
        Optional<BigInteger> before = balances.before(account, asset);
        if (given.containsKey(asset) && before.isEmpty()) {
          return false;
        }
        held.merge(asset, before.orElse(BigInteger.ZERO), BigInteger::add);
      }
    }
    return given.entrySet().stream()
        .allMatch(
            e ->
                held.containsKey(e.getKey())
                    && e.getValue().compareTo(held.get(e.getKey()).shiftLeft(1)) >= 0);
  }

  /** The share of its balance before that {@code account} lost; empty if that is not known. */
  public OptionalDouble share(Address account, Asset asset, BigInteger loss) {
    return balances.share(account, asset, loss);
  }

  /** Whether what {@code account} paid of {@code asset} was owed, or allowed by its owner. */
  public boolean consented(Address account, Asset asset) {
    return consent.given(account, asset);
  }

  /** The prices that the trace shows. */
  public List<PriceSources.Source> prices() {
    return prices;
  }

  /** Whether liquidity was taken out of the pool {@code account}. */
  public boolean liquidityTaken(Address account) {
    return trace.frames().stream()
        .anyMatch(
            f ->
                !f.failed()
                    && f.to().equals(account)
                    && f.selector() == Selectors.REMOVE_LIQUIDITY);
  }

  /**
   * Whether {@code account} paid any of {@code asset} to anyone. Burnt assets are not taken, nor
   * are tokens that the account keeps itself: a token contract can give out its own.
   */
  public boolean taken(Address account, Asset asset) {
    if (asset instanceof Asset.Token(Address token) && token.equals(account)) {
      return false;
    }
    return paid(account).stream()
        .anyMatch(f -> f.asset().equals(asset) && !f.to().equals(Address.ZERO));
  }

  /** Whether the transaction as a whole is a call of a common function to take out or borrow. */
  public boolean redemption() {
    return Selectors.REDEEM.contains(trace.root().selector());
  }

  /** A sign that the payment was no plain withdrawal; empty if there is none. */
  public Optional<String> symptom(Address account, Asset asset) {
    return symptoms.of(account, asset);
  }

  /**
   * The call that {@code frame} answers, where code of others ran in it: the one with the caller.
   */
  CallFrame caller(int frame) {
    CallFrame call = trace.frame(frame);
    while (call.kind().borrowsCode() && call.parent() >= 0) {
      call = trace.frame(call.parent());
    }
    return call;
  }

  /**
   * The frame by which the controlled side called out and under which {@code frame} ran: the
   * nearest one above (or itself) whose caller is controlled and whose account is not.
   */
  public int operation(int frame) {
    int at = frame;
    while (at >= 0) {
      CallFrame f = trace.frame(at);
      if (controlled.contains(f.from()) && !controlled.contains(f.account())) {
        return at;
      }
      at = f.parent();
    }
    return 0;
  }
}
