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
  /** An exchange for less than this share of what was given is none. */
  private static final double UNDERPAID = 0.1;

  private final TxTrace trace;
  private final DetectConfig config;
  private final StateReads reads;
  private final History history;
  private final List<Flow> flows;
  private final NetFlows net;
  private final Set<Address> controlled;
  private final Set<Address> made = new HashSet<>();
  private final Set<Address> tokens = new HashSet<>();
  private final Balances balances;
  private final Map<Asset, BigInteger> minted = new HashMap<>();
  private final Map<Asset, BigInteger> lost = new HashMap<>();
  private final List<PriceSources.Source> prices;
  private final Symptoms symptoms;
  private final Consent consent;
  private final boolean borrowed;
  private final Rates rates;
  private final Map<Asset, BigInteger> gains;
  private final Map<Asset, BigInteger> given;
  private final List<Address> losers;
  private final Map<Address, List<Flow>> paid = new HashMap<>();
  private final Map<Address, Map<Asset, BigInteger>> gainsOf = new HashMap<>();
  private final Map<Address, Map<Asset, BigInteger>> lossesOf = new HashMap<>();
  private final int[] operations;

  TraceFacts(TxTrace trace, StateReads reads, History history, DetectConfig config) {
    this.trace = trace;
    this.config = config;
    this.reads = reads;
    this.history = history;
    this.flows = Movements.of(trace);
    this.net = new NetFlows(flows, config.dust());
    this.controlled = Control.of(trace, flows, net, history);
    this.operations = operations(trace, controlled);
    this.borrowed = Loans.taken(flows, controlled);
    for (CallFrame frame : trace.frames()) {
      if (frame.kind().creates() && !frame.failed()) {
        made.add(frame.to());
      } else if (Selectors.TOKEN_CALLS.contains(frame.selector())) {
        tokens.add(frame.to());
      }
    }
    this.balances = new Balances(trace, reads, flows, made);
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
    this.rates = new Rates(this);
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

  /** What {@code account} used to pay of {@code asset} in earlier transactions, if it was seen. */
  public Optional<History.Habit> habit(Address account, Asset asset) {
    return history.habit(account, asset);
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

  /** Whether the controlled side used funds that were lent to it for this transaction. */
  public boolean borrowed() {
    return borrowed;
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
    return gainsOf.computeIfAbsent(account, a -> part(net.of(a), 1));
  }

  /** What {@code account} lost on balance, as positive amounts. */
  public Map<Asset, BigInteger> losses(Address account) {
    return lossesOf.computeIfAbsent(account, a -> part(net.of(a), -1));
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

  /** Contracts that were asked something that only tokens answer. */
  public Set<Address> tokens() {
    return tokens;
  }

  /** Accounts outside the controlled side that lost something on balance, in order. */
  public List<Address> losers() {
    return losers;
  }

  /** What moved in the frames from {@code start} on and before {@code end}. */
  public List<Flow> flows(int start, int end) {
    return flows.subList(firstFlow(start), firstFlow(end));
  }

  /** The number of flows before {@code frame}. */
  private int firstFlow(int frame) {
    int low = 0;
    int high = flows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (flows.get(middle).frame() < frame) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
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
   * Whether the controlled side gave at least twice as much of {@code asset} as it held before, so
   * that some came from nowhere; no where it is not known what it held.
   */
  private boolean conjured(Asset asset) {
    BigInteger held = BigInteger.ZERO;
    for (Address account : controlled) {
      if (losses(account).containsKey(asset)) {
        Optional<BigInteger> before = balances.before(account, asset);
        if (before.isEmpty()) {
          return false;
        }
        held = held.add(before.get());
      }
    }
    BigInteger gave = given.get(asset);
    return gave != null && gave.compareTo(held.shiftLeft(1)) >= 0;
  }

  /** Whether all that the controlled side gave came from nowhere. */
  public boolean gaveOnlyConjured() {
    return given.keySet().stream().allMatch(this::conjured);
  }

  /** What {@code account} gained on balance, without what the controlled side had from nowhere. */
  public Map<Asset, BigInteger> received(Address account) {
    Map<Asset, BigInteger> real = new LinkedHashMap<>(gains(account));
    real.keySet().removeIf(this::conjured);
    return real;
  }

  /**
   * Whether what {@code account} got is worth less than a tenth of what it lost of {@code asset},
   * at the rates at which others exchanged in the same transaction; no where these are not known,
   * and of an account that got nothing.
   */
  public boolean underpaid(Address account, Asset asset) {
    BigInteger lost = losses(account).get(asset);
    Map<Asset, BigInteger> got = gains(account);
    if (lost == null || got.isEmpty()) {
      return false;
    }
    OptionalDouble worth = rates.worth(got, asset, account);
    return worth.isPresent() && worth.getAsDouble() < UNDERPAID * lost.doubleValue();
  }

  /** The share of its balance before that {@code account} lost; empty if that is not known. */
  public OptionalDouble share(Address account, Asset asset, BigInteger loss) {
    return balances.share(account, asset, loss);
  }

  /** Whether what {@code account} paid of {@code asset} was owed, or allowed by its owner. */
  public boolean consented(Address account, Asset asset) {
    return consent.given(account, asset);
  }

  /** Whether {@code account} called, was called, or got a token that is one of its kind. */
  public boolean tookPart(Address account) {
    return symptoms.party(account);
  }

  /** What was lent to the sender's side for the length of a call; worked out anew each time. */
  public List<FlashLoan> loans() {
    return FlashLoans.of(trace, flows).stream()
        .filter(l -> controlled.contains(l.parties().borrower()))
        .toList();
  }

  /** The prices that the trace shows. */
  public List<PriceSources.Source> prices() {
    return prices;
  }

  /** Whether the price of a pool or of a share moved by the factor that counts. */
  public boolean priceMoved() {
    return prices.stream()
        .anyMatch(
            s ->
                s.kind() != PriceSources.Kind.VIEW
                    && s.highest() / s.lowest() >= config.minPriceFactor());
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

  /**
   * Whether {@code account} sold {@code asset} of its own accord, for others: the sender's side
   * gained none of it, did not call the account when it paid, and got nothing from what it did
   * then, but accounts that did nothing did.
   */
  public boolean soldForOthers(Address account, Asset asset) {
    return !gains.containsKey(asset) && consent.soldForOthers(account, asset);
  }

  /** Whether the transaction as a whole is a call of a common function to take out or borrow. */
  public boolean redemption() {
    return Selectors.REDEEM.contains(trace.root().selector());
  }

  /** Whether the controlled side gained at least half of {@code amount} on balance. */
  public boolean keeps(Asset asset, BigInteger amount) {
    return gains.getOrDefault(asset, BigInteger.ZERO).shiftLeft(1).compareTo(amount) >= 0;
  }

  /** In how many calls of the controlled side {@code account} paid {@code asset}. */
  public int payments(Address account, Asset asset) {
    return symptoms.operations(account, asset);
  }

  /** A sign that the payment was no plain withdrawal; empty if there is none. */
  public Optional<String> symptom(Address account, Asset asset) {
    return symptoms.of(account, asset);
  }

  /** Such a sign that {@code account} itself shows, wherever the funds came from. */
  public Optional<String> forced(Address account, Asset asset) {
    return symptoms.forced(account, asset);
  }

  /** Whether the controlled side made a contract in the transaction. */
  public boolean makesContract() {
    return made.stream().anyMatch(controlled::contains);
  }

  /**
   * The call that {@code frame} answers, where code of others ran in it: the one with the caller.
   */
  public CallFrame caller(int frame) {
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
    return operations[frame];
  }

  private static int[] operations(TxTrace trace, Set<Address> controlled) {
    int[] all = new int[trace.frames().size()];
    for (CallFrame frame : trace.frames()) {
      boolean out = controlled.contains(frame.from()) && !controlled.contains(frame.account());
      all[frame.index()] = out ? frame.index() : frame.parent() < 0 ? 0 : all[frame.parent()];
    }
    return all;
  }
}
