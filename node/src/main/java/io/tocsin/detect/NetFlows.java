package io.tocsin.detect;

import io.tocsin.base.Address;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each account, or a set of accounts as one, gained and lost on balance. */
final class NetFlows {
  private final Map<Address, Map<Asset, BigInteger>> net = new LinkedHashMap<>();
  private final Map<Address, Map<Asset, BigInteger>> gross = new HashMap<>();
  private final double dust;

  NetFlows(List<Flow> flows, double dust) {
    this.dust = dust;
    for (Flow flow : flows) {
      book(flow.from(), flow.asset(), flow.amount().negate());
      book(flow.to(), flow.asset(), flow.amount());
    }
  }

  private void book(Address account, Asset asset, BigInteger amount) {
    net.computeIfAbsent(account, _ -> new LinkedHashMap<>()).merge(asset, amount, BigInteger::add);
    gross
        .computeIfAbsent(account, _ -> new HashMap<>())
        .merge(asset, amount.abs(), BigInteger::add);
  }

  /** Accounts that anything moved to or from, in order of appearance. */
  Set<Address> accounts() {
    return Collections.unmodifiableSet(net.keySet());
  }

  /** Net changes of {@code account}, dust left out. */
  Map<Asset, BigInteger> of(Address account) {
    return of(Set.of(account), dust);
  }

  /** Net changes of {@code accounts} taken as one, dust left out of what was lost only. */
  Map<Asset, BigInteger> of(Set<Address> accounts) {
    return of(accounts, 0);
  }

  private Map<Asset, BigInteger> of(Set<Address> accounts, double gained) {
    Map<Asset, BigInteger> sum = new LinkedHashMap<>();
    Map<Asset, BigInteger> through = new HashMap<>();
    for (Address account : accounts) {
      net.getOrDefault(account, Map.of()).forEach((a, v) -> sum.merge(a, v, BigInteger::add));
      gross.getOrDefault(account, Map.of()).forEach((a, v) -> through.merge(a, v, BigInteger::add));
    }
    sum.entrySet()
        .removeIf(
            e -> {
              BigInteger all = through.getOrDefault(e.getKey(), BigInteger.ZERO);
              BigDecimal limit =
                  new BigDecimal(all)
                      .multiply(BigDecimal.valueOf(e.getValue().signum() > 0 ? gained : dust));
              return new BigDecimal(e.getValue().abs()).compareTo(limit) <= 0;
            });
    return sum;
  }
}
