package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.StateQuery;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Evidence;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Flow;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Selectors;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds pools that the owner of a token emptied of what its holders could sell it for. */
public final class LiquidityRemoval implements Detector {
  /** Of the pools that liquidity is taken out of, the first this many are judged. */
  private static final int MOST = 8;

  /** Of the accounts of the sender's side, so many are asked for what they hold. */
  private static final int HOLDERS = 4;

  private static final double EMPTY = 0.9;
  private static final Address BURNT = Address.hex("0x000000000000000000000000000000000000dead");
  private static final Bytes OWNER = Selectors.data("owner()");
  private static final Bytes SUPPLY = Selectors.data("totalSupply()");
  private static final Bytes BALANCE = Selectors.data("balanceOf(address)");

  private static final Metadata METADATA =
      new Metadata(
          "liquidity-removal",
          "Pool emptied by the owner of its token",
          Severity.HIGH,
          new Metadata.Story(
              "The sender's side takes out liquidity and leaves less than a tenth of one asset in"
                  + " the pool, keeps that asset, and owns or made the other token of the pool, of"
                  + " which accounts beside it and the pool hold a tenth or more.",
              "Somebody makes a token, gives a pool some of it and some native currency, waits"
                  + " until others have bought, and takes all of the currency out."),
          List.of(
              "An owner who gave up that office is known only if this node saw the token made.",
              "Whether the others bought their tokens, or got them for nothing, is not known.",
              "Liquidity that goes to another pool in the same transaction is no gain and no"
                  + " finding; what goes back in later looks like a theft.",
              "Tokens minted by an owner and sold are left to drained pools. Only pools that are"
                  + " told to burn shares by the common function are seen."),
          List.of(
              URI.create("https://docs.uniswap.org/contracts/v2/concepts/core-concepts/pools")));

  private record Removal(CallFrame burn, Address pool, Set<Address> tokens) {}

  @Override
  public Metadata metadata() {
    return METADATA;
  }

  @Override
  public boolean needsState() {
    return false;
  }

  @Override
  public Set<StateQuery> queries(TraceFacts facts) {
    Set<StateQuery> all = new LinkedHashSet<>();
    for (Removal removal : removals(facts)) {
      for (Address token : removal.tokens()) {
        all.add(new StateQuery.Call(token, OWNER));
        all.add(new StateQuery.Call(token, SUPPLY));
        insiders(facts, removal.pool()).forEach(a -> all.add(balance(token, a)));
      }
    }
    return all;
  }

  @Override
  public Scan scan(TraceFacts facts) {
    Map<Address, Finding> found = new LinkedHashMap<>();
    boolean unjudged = false;
    for (Removal removal : removals(facts)) {
      List<Loss> losses = losses(facts, removal.pool());
      for (Address token : losses.isEmpty() ? Set.<Address>of() : removal.tokens()) {
        List<Loss> others =
            losses.stream().filter(l -> !l.asset().equals(new Asset.Token(token))).toList();
        if (others.isEmpty() || !owned(facts, token)) {
          continue;
        }
        Optional<Boolean> shared = shared(facts, token, removal.pool());
        unjudged |= shared.isEmpty();
        if (shared.orElse(false)) {
          found.putIfAbsent(removal.pool(), finding(facts, removal, token, others));
        }
      }
    }
    if (!found.isEmpty()) {
      return new Scan.Found(List.copyOf(found.values()));
    }
    return unjudged
        ? new Scan.NotAnalysed("who else holds the token of a pool that its owner emptied")
        : new Scan.Clean();
  }

  private static List<Removal> removals(TraceFacts facts) {
    List<Removal> all = new ArrayList<>();
    if (facts.gains().isEmpty()) {
      return all;
    }
    Set<Address> seen = new LinkedHashSet<>();
    for (CallFrame frame : facts.trace().frames()) {
      if (frame.selector() != Selectors.REMOVE_LIQUIDITY
          || frame.failed()
          || frame.kind().borrowsCode()
          || all.size() >= MOST
          || facts.controlled().contains(frame.to())
          || facts.losses(frame.to()).isEmpty()
          || !seen.add(frame.to())) {
        continue;
      }
      Set<Address> tokens = new LinkedHashSet<>();
      for (Flow flow : facts.paid(frame.to())) {
        if (flow.asset() instanceof Asset.Token(Address token) && !token.equals(frame.to())) {
          tokens.add(token);
        }
      }
      all.add(new Removal(frame, frame.to(), tokens));
    }
    return all;
  }

  /** What the pool lost nearly all of, and the sender's side gained. */
  private static List<Loss> losses(TraceFacts facts, Address pool) {
    List<Loss> losses = new ArrayList<>();
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(pool).entrySet()) {
      Asset asset = lost.getKey();
      double share = facts.share(pool, asset, lost.getValue()).orElse(0);
      if (share >= EMPTY && facts.taken(pool, asset) && facts.gains().containsKey(asset)) {
        losses.add(new Loss(asset, lost.getValue(), share));
      }
    }
    return losses;
  }

  /** Whether the sender's side owns {@code token}, or the sender made it. */
  private static boolean owned(TraceFacts facts, Address token) {
    Optional<Address> owner =
        facts
            .reads()
            .value(new StateQuery.Call(token, OWNER))
            .filter(answer -> answer.size() == 32)
            .map(answer -> new Address(answer.slice(12, 32)));
    return owner.filter(facts.controlled()::contains).isPresent()
        || facts.creator(token).filter(facts.trace().sender()::equals).isPresent();
  }

  private static Set<Address> insiders(TraceFacts facts, Address pool) {
    Set<Address> all = new LinkedHashSet<>(List.of(pool, Address.ZERO, BURNT));
    all.add(facts.trace().sender());
    all.add(facts.trace().root().to());
    facts.controlled().stream().sorted().limit(HOLDERS).forEach(all::add);
    return all;
  }

  private static StateQuery balance(Address token, Address holder) {
    return new StateQuery.Call(token, BALANCE.concat(holder.toWord().bytes()));
  }

  /** Whether others hold a part of {@code token} worth the name; empty if that is not known. */
  private static Optional<Boolean> shared(TraceFacts facts, Address token, Address pool) {
    Optional<BigInteger> supply = number(facts, new StateQuery.Call(token, SUPPLY));
    BigInteger inside = BigInteger.ZERO;
    for (Address holder : insiders(facts, pool)) {
      Optional<BigInteger> held = number(facts, balance(token, holder));
      if (held.isEmpty() && !holder.equals(Address.ZERO)) {
        return Optional.empty();
      }
      inside = inside.add(held.orElse(BigInteger.ZERO));
    }
    BigInteger known = inside;
    return supply
        .filter(all -> all.signum() > 0)
        .map(
            all ->
                all.subtract(known).doubleValue() >= all.doubleValue() * facts.config().minShare());
  }

  private static Optional<BigInteger> number(TraceFacts facts, StateQuery query) {
    return facts
        .reads()
        .value(query)
        .filter(answer -> answer.size() == 32)
        .map(answer -> new BigInteger(1, answer.toArray()));
  }

  private static Finding finding(
      TraceFacts facts, Removal removal, Address token, List<Loss> losses) {
    return new Finding(
        List.of(METADATA.id()),
        Severity.HIGH,
        removal.pool(),
        losses,
        Evidence.of(facts, removal.pool(), losses)
            .and(removal.burn().index())
            .explain(
                "The owner of its token "
                    + token
                    + " took out nearly all that the holders of that token could sell it for.",
                List.of("the others who hold the token paid for it")));
  }
}
