package io.tocsin.detect;

import io.tocsin.base.Address;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * At what rates assets were exchanged in a trace: those of all accounts outside the controlled side
 * that on balance gave one asset and got one other.
 */
final class Rates {
  /** Rates are chained over at most this many exchanges. */
  private static final int HOPS = 3;

  private record Trade(Address by, Asset gave, Asset got, double rate) {}

  private final List<Trade> trades = new ArrayList<>();

  Rates(TraceFacts facts) {
    for (Address account : facts.losers()) {
      Map<Asset, BigInteger> gave = facts.losses(account);
      Map<Asset, BigInteger> got = facts.gains(account);
      if (gave.size() == 1 && got.size() == 1) {
        var a = gave.entrySet().iterator().next();
        var b = got.entrySet().iterator().next();
        double rate = a.getValue().doubleValue() / b.getValue().doubleValue();
        trades.add(new Trade(account, a.getKey(), b.getKey(), rate));
      }
    }
  }

  /**
   * What {@code some} are worth in {@code asset} by the trades of all but {@code except}, at the
   * highest rate that these show; empty where one of them was not traded.
   */
  OptionalDouble worth(Map<Asset, BigInteger> some, Asset asset, Address except) {
    Map<Asset, Double> unit = new HashMap<>(Map.of(asset, 1.0));
    for (int hop = 0; hop < HOPS; hop++) {
      Map<Asset, Double> next = new HashMap<>(unit);
      for (Trade trade : trades) {
        if (!trade.by.equals(except)) {
          value(unit, next, trade.got, trade.gave, trade.rate);
          value(unit, next, trade.gave, trade.got, 1 / trade.rate);
        }
      }
      unit = next;
    }
    double sum = 0;
    for (var each : some.entrySet()) {
      Double worth = unit.get(each.getKey());
      if (worth == null) {
        return OptionalDouble.empty();
      }
      sum += worth * each.getValue().doubleValue();
    }
    return OptionalDouble.of(sum);
  }

  /** One {@code what} was given for {@code rate} of {@code by}, whose worth is known. */
  private static void value(
      Map<Asset, Double> known, Map<Asset, Double> next, Asset what, Asset by, double rate) {
    Double worth = known.get(by);
    if (worth != null) {
      next.merge(what, rate * worth, Math::max);
    }
  }
}
