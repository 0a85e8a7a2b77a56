package io.tocsin.risk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Wei;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.exposure.AssetId;
import io.tocsin.risk.Valuation.PriceSource;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ValueAtRiskTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final ChainId MAIN = ChainId.evm(1);
  private static final Address HOLDER = address(1);
  private static final Address USDC = address(2);
  private static final Address FEED = address(3);
  private static final Valuation VALUATION =
      new Valuation(
          new AccountId(MAIN, HOLDER),
          List.of(
              new Valuation.Priced(
                  AssetId.token(MAIN, USDC),
                  "USDC",
                  6,
                  new PriceSource.Fixed(new BigDecimal("0.999"))),
              new Valuation.Priced(
                  AssetId.nativeOf(MAIN),
                  "ETH",
                  18,
                  new PriceSource.Feed(FEED, 8, Duration.ofHours(1)))));

  private static Address address(int last) {
    byte[] bytes = new byte[20];
    bytes[19] = (byte) last;
    return Address.of(bytes);
  }

  private static Bytes word(BigInteger value) {
    byte[] word = new byte[32];
    byte[] digits = value.toByteArray();
    int from = Math.max(digits.length - 32, 0);
    System.arraycopy(digits, from, word, 32 - (digits.length - from), digits.length - from);
    return Bytes.of(word);
  }

  private static Bytes round(BigInteger answer, Instant updated) {
    Bytes time = word(BigInteger.valueOf(updated.getEpochSecond()));
    return word(BigInteger.ONE)
        .concat(answer.signum() < 0 ? Bytes.hex("0x" + "ff".repeat(32)) : word(answer))
        .concat(time)
        .concat(time)
        .concat(word(BigInteger.ONE));
  }

  private static Map<StateQuery, Bytes> reads(Bytes round) {
    Map<StateQuery, Bytes> values = new LinkedHashMap<>();
    List<StateQuery> queries = ValueAtRisk.queries(VALUATION);
    values.put(queries.get(0), word(BigInteger.valueOf(2_000_000_000_000L)));
    values.put(queries.get(1), word(BigInteger.TEN.pow(20)));
    values.put(queries.get(2), round);
    return values;
  }

  private static Bytes fresh() {
    return round(BigInteger.valueOf(300_000_000_000L), NOW.minusSeconds(60));
  }

  private static void assertUnknown(Map<StateQuery, Bytes> reads, RiskEstimate.Why why) {
    assertThat(ValueAtRisk.estimate(VALUATION, StateReads.of(reads), NOW))
        .isInstanceOfSatisfying(
            RiskEstimate.Unknown.class, unknown -> assertThat(unknown.why()).isEqualTo(why));
  }

  @Test
  void sumsBalancesTimesPrices() {
    assertThat(ValueAtRisk.estimate(VALUATION, StateReads.of(reads(fresh())), NOW))
        .isInstanceOfSatisfying(
            RiskEstimate.Priced.class,
            priced -> {
              assertThat(priced.usd()).isEqualByComparingTo("2298000");
              assertThat(priced.lines()).hasSize(2);
              assertThat(priced.lines().getFirst().usd()).isEqualByComparingTo("1998000");
            });
  }

  @Test
  void asksForEveryBalanceAndFeed() {
    assertThat(ValueAtRisk.queries(VALUATION))
        .containsExactly(
            new StateQuery.Call(USDC, Bytes.hex("0x70a08231").concat(HOLDER.toWord().bytes())),
            new StateQuery.NativeBalance(HOLDER),
            new StateQuery.Call(FEED, Bytes.hex("0xfeaf968c")));
  }

  @Test
  void aMissingBalanceMakesTheWholeUnknown() {
    Map<StateQuery, Bytes> reads = reads(fresh());
    reads.remove(ValueAtRisk.queries(VALUATION).get(1));
    assertUnknown(reads, RiskEstimate.Why.BALANCE_UNREAD);
    reads.put(ValueAtRisk.queries(VALUATION).get(1), Bytes.hex("0x01"));
    assertUnknown(reads, RiskEstimate.Why.BALANCE_UNREAD);
  }

  @Test
  void aStaleNegativeOrAbsentPriceMakesTheWholeUnknown() {
    assertUnknown(
        reads(round(BigInteger.ONE, NOW.minusSeconds(3_601))), RiskEstimate.Why.PRICE_STALE);
    assertUnknown(reads(round(BigInteger.ZERO, NOW)), RiskEstimate.Why.PRICE_UNREAD);
    assertUnknown(reads(round(BigInteger.ONE.negate(), NOW)), RiskEstimate.Why.PRICE_UNREAD);
    assertUnknown(reads(Bytes.EMPTY), RiskEstimate.Why.PRICE_UNREAD);
  }

  @Test
  void nothingListedIsUnknownNotZero() {
    Valuation none = new Valuation(new AccountId(MAIN, HOLDER), List.of());
    assertThat(ValueAtRisk.estimate(none, StateReads.NONE, NOW))
        .isInstanceOfSatisfying(
            RiskEstimate.Unknown.class,
            unknown -> assertThat(unknown.why()).isEqualTo(RiskEstimate.Why.NOTHING_LISTED));
  }

  private static RiskEstimate priced(String usd, String etherPrice) {
    return new RiskEstimate.Priced(
        new BigDecimal(usd),
        List.of(
            new RiskEstimate.Line(
                AssetId.nativeOf(MAIN),
                "ETH",
                BigInteger.ZERO,
                new BigDecimal(etherPrice),
                BigDecimal.ZERO)));
  }

  @Test
  void turnsTheWholeIntoTheChainsCoinByThePriceThatItWasMadeWith() {
    assertThat(priced("6000", "2500").coin(MAIN))
        .contains(new Wei(new BigInteger("2400000000000000000")));
    assertThat(priced("0", "2500").coin(MAIN)).contains(Wei.ZERO);
    assertThat(priced("1", "3").coin(MAIN)).contains(new Wei(new BigInteger("333333333333333333")));
  }

  @Test
  void hasNoWorthInACoinWithoutAPrice() {
    assertThat(priced("6000", "2500").coin(ChainId.evm(10))).as("of another chain").isEmpty();
    assertThat(priced("6000", "0").coin(MAIN)).isEmpty();
    assertThat(new RiskEstimate.Priced(BigDecimal.TEN, List.of()).coin(MAIN)).isEmpty();
    assertThat(new RiskEstimate.Unknown(RiskEstimate.Why.NOTHING_LISTED, "").coin(MAIN)).isEmpty();
  }
}
