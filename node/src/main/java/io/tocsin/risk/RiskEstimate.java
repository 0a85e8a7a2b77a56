package io.tocsin.risk;

import io.tocsin.exposure.AssetId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

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
