package io.tocsin.risk;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.exposure.AssetId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/**
 * How to value what a contract holds.
 *
 * @param holder the account whose balances are at risk
 */
public record Valuation(AccountId holder, List<Priced> assets) {
  public Valuation {
    assets = List.copyOf(assets);
  }

  /** One asset, and where its price comes from. */
  public record Priced(AssetId asset, String symbol, int decimals, PriceSource price) {
    public Priced {
      if (decimals < 0 || decimals > 77) {
        throw new IllegalArgumentException("decimals are from 0 to 77, not " + decimals);
      }
    }
  }

  /** Where a price comes from. */
  public sealed interface PriceSource {
    /** US dollars for one whole unit, as configured. */
    record Fixed(BigDecimal usd) implements PriceSource {}

    /**
     * A feed with {@code latestRoundData()} in US dollars, on the holder's chain.
     *
     * @param decimals of its answer
     * @param maxAge how old an answer may be
     */
    record Feed(Address account, int decimals, Duration maxAge) implements PriceSource {}
  }
}
