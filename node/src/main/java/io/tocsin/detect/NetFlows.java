package io.tocsin.detect;

import io.tocsin.base.Address;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each account, or a set of accounts as one, gained and lost on balance. */
final class NetFlows {
  /** Net change, all that passed through, and the largest single movement. */
  private record Sum(BigInteger net, BigInteger through, BigInteger largest) {
    private static Sum of(BigInteger amount) {
      return new Sum(amount, amount.abs(), amount.abs());
    }

    private Sum and(Sum other) {
      return new Sum(net.add(other.net), through.add(other.through), largest.max(other.largest));
    }
  }

  private final Map<Address, Map<Asset, Sum>> sums = new LinkedHashMap<>();
  private final double dust;

  NetFlows(List<Flow> flows, double dust) {
    this.dust = dust;
    for (Flow flow : flows) {
      book(flow.from(), flow.asset(), flow.amount().negate());
      book(flow.to(), flow.asset(), flow.amount());
    }
  }

  private void book(Address account, Asset asset, BigInteger amount) {
    sums.computeIfAbsent(account, _ -> new LinkedHashMap<>())
        .merge(asset, Sum.of(amount), Sum::and);
  }

  /** Accounts that anything moved to or from, in order of appearance. */
  Set<Address> accounts() {
    return Collections.unmodifiableSet(sums.keySet());
  }

  /**
   * Net changes of {@code account}, dust left out: a small share of all that passed through it, if
   * gained, and of the largest single movement, if lost, so that many small losses count.
   */
  Map<Asset, BigInteger> of(Address account) {
    Map<Asset, BigInteger> left = new LinkedHashMap<>();
    sums.getOrDefault(account, Map.of())
        .forEach(
            (asset, sum) -> {
              boolean gained = sum.net.signum() > 0;
              if (above(sum.net, gained ? sum.through : sum.largest)) {
                left.put(asset, sum.net);
              }
            });
    return left;
  }

  /**
   * Net changes of {@code accounts} taken as one, dust left out of what was lost only: a small
   * share of all that passed through them, which they pay as fees.
   */
  Map<Asset, BigInteger> of(Set<Address> accounts) {
    Map<Asset, Sum> together = new LinkedHashMap<>();
    for (Address account : accounts) {
      sums.getOrDefault(account, Map.of()).forEach((a, sum) -> together.merge(a, sum, Sum::and));
    }
    Map<Asset, BigInteger> left = new LinkedHashMap<>();
    together.forEach(
        (asset, sum) -> {
          if (sum.net.signum() > 0 || above(sum.net, sum.through)) {
            left.put(asset, sum.net);
          }
        });
    return left;
  }

  private boolean above(BigInteger net, BigInteger whole) {
    return new BigDecimal(net.abs())
            .compareTo(new BigDecimal(whole).multiply(BigDecimal.valueOf(dust)))
        > 0;
  }
}
