package io.tocsin.risk;

import io.tocsin.base.ChainId;
import io.tocsin.base.Wei;
import io.tocsin.exposure.AssetId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/** The value at risk in an exposed contract. */
public sealed interface RiskEstimate {
  /**
   * Every listed balance and its price are known.
   *
   * @param usd the sum of the lines, in US dollars
   */
  record Priced(BigDecimal usd, List<Line> lines) implements RiskEstimate {
    public Priced {
      lines = List.copyOf(lines);
    }
  }

  /**
   * The value in the native currency of {@code chain}, by the price of it that this estimate was
   * made with; empty where the value or that price is unknown.
   */
  default Optional<Wei> coin(ChainId chain) {
    return switch (this) {
      case Unknown _ -> Optional.empty();
      case Priced(BigDecimal usd, List<Line> lines) ->
          lines.stream()
              .filter(line -> line.asset().equals(AssetId.nativeOf(chain)))
              .map(Line::price)
              .filter(price -> price.signum() > 0)
              .findFirst()
              .map(price -> wei(usd, price));
    };
  }

  private static Wei wei(BigDecimal usd, BigDecimal price) {
    BigInteger most = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    return new Wei(
        usd.scaleByPowerOfTen(18).divide(price, 0, RoundingMode.DOWN).toBigInteger().min(most));
  }

  /** It cannot be said; an unknown only alerts, unless the mandate says otherwise. */
  record Unknown(Why why, String detail) implements RiskEstimate {}

  /** Why an estimate is unknown; also the metric's label. */
  enum Why {
    NOTHING_LISTED,
    BALANCE_UNREAD,
    PRICE_UNREAD,
    PRICE_STALE
  }

  /**
   * One balance.
   *
   * @param amount in the asset's smallest unit
   * @param price US dollars for one whole unit
   * @param usd amount times price
   */
  record Line(AssetId asset, String symbol, BigInteger amount, BigDecimal price, BigDecimal usd) {}
}
