package io.tocsin.risk;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.exposure.AssetId;
import io.tocsin.risk.RiskEstimate.Line;
import io.tocsin.risk.RiskEstimate.Why;
import io.tocsin.risk.Valuation.PriceSource;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prices what a contract holds: balances times prices, all read by this node. A balance or price
 * that is missing makes the whole unknown, because a sum without it would be too low.
 */
public final class ValueAtRisk {
  private static final Bytes BALANCE_OF = Bytes.hex("0x70a08231");
  private static final Bytes LATEST_ROUND_DATA = Bytes.hex("0xfeaf968c");
  private static final int SCALE = 6;

  private ValueAtRisk() {}

  /** The state values that {@link #estimate} needs. */
  public static List<StateQuery> queries(Valuation valuation) {
    List<StateQuery> queries = new ArrayList<>();
    for (Valuation.Priced priced : valuation.assets()) {
      queries.add(balance(priced.asset(), valuation.holder().address()));
      if (priced.price() instanceof PriceSource.Feed feed) {
        queries.add(round(feed));
      }
    }
    return List.copyOf(queries);
  }

  private static StateQuery balance(AssetId asset, Address holder) {
    return asset
        .token()
        .<StateQuery>map(
            token -> new StateQuery.Call(token, BALANCE_OF.concat(holder.toWord().bytes())))
        .orElseGet(() -> new StateQuery.NativeBalance(holder));
  }

  private static StateQuery round(PriceSource.Feed feed) {
    return new StateQuery.Call(feed.account(), LATEST_ROUND_DATA);
  }

  /** The value at risk, from {@code reads} made about {@code now}. */
  public static RiskEstimate estimate(Valuation valuation, StateReads reads, Instant now) {
    if (valuation.assets().isEmpty()) {
      return new RiskEstimate.Unknown(Why.NOTHING_LISTED, "the mandate lists no assets to value");
    }
    List<Line> lines = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (Valuation.Priced priced : valuation.assets()) {
      Optional<BigInteger> amount =
          reads
              .value(balance(priced.asset(), valuation.holder().address()))
              .flatMap(answer -> word(answer, 0));
      if (amount.isEmpty()) {
        return new RiskEstimate.Unknown(
            Why.BALANCE_UNREAD, "no balance of " + priced.symbol() + " was read");
      }
      switch (price(priced.price(), reads, now)) {
        case Quote.Missing(Why why, String detail) -> {
          return new RiskEstimate.Unknown(why, priced.symbol() + ": " + detail);
        }
        case Quote.Price(BigDecimal usd) -> {
          BigDecimal value =
              new BigDecimal(amount.get(), priced.decimals())
                  .multiply(usd)
                  .setScale(SCALE, RoundingMode.HALF_EVEN);
          lines.add(new Line(priced.asset(), priced.symbol(), amount.get(), usd, value));
          sum = sum.add(value);
        }
      }
    }
    return new RiskEstimate.Priced(sum, lines);
  }

  private sealed interface Quote {
    record Price(BigDecimal usd) implements Quote {}

    record Missing(Why why, String detail) implements Quote {}
  }

  private static Quote price(PriceSource source, StateReads reads, Instant now) {
    return switch (source) {
      case PriceSource.Fixed(BigDecimal usd) -> new Quote.Price(usd);
      case PriceSource.Feed feed -> {
        Optional<Bytes> answer = reads.value(round(feed));
        Optional<BigInteger> price = answer.flatMap(a -> word(a, 1));
        Optional<BigInteger> updated = answer.flatMap(a -> word(a, 3));
        if (price.isEmpty() || updated.isEmpty()) {
          yield new Quote.Missing(Why.PRICE_UNREAD, "the feed " + feed.account() + " said nothing");
        }
        if (price.get().signum() == 0 || price.get().bitLength() > 255) {
          yield new Quote.Missing(
              Why.PRICE_UNREAD, "the feed " + feed.account() + " has no positive price");
        }
        BigInteger oldest = BigInteger.valueOf(now.minus(feed.maxAge()).getEpochSecond());
        if (updated.get().compareTo(oldest) < 0) {
          yield new Quote.Missing(
              Why.PRICE_STALE, "the feed " + feed.account() + " is older than " + feed.maxAge());
        }
        yield new Quote.Price(new BigDecimal(price.get(), feed.decimals()));
      }
    };
  }

  private static Optional<BigInteger> word(Bytes answer, int index) {
    int from = 32 * index;
    return answer.size() < from + 32
        ? Optional.empty()
        : Optional.of(new BigInteger(1, answer.slice(from, from + 32).toArray()));
  }
}
