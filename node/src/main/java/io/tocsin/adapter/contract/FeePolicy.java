package io.tocsin.adapter.contract;

import io.tocsin.base.Gas;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction may cost a unit of gas. The tip is what endpoints suggest, at least {@code
 * minTip} and at most {@code maxTip}; the cap leaves room for the base fee to double, up to {@code
 * maxCap}.
 *
 * @param share of the value at risk that a transaction may cost at most, above 0 and at most 1
 */
public record FeePolicy(Wei minTip, Wei maxTip, Wei maxCap, double share) {
  /** The usual share of the value at risk: a tenth. */
  public static final double USUAL_SHARE = 0.1;

  /** Tips from 2 to 100 gwei, in all at most 1,000 gwei and a tenth of the value at risk. */
  public static final FeePolicy DEFAULT =
      new FeePolicy(Wei.gwei(2), Wei.gwei(100), Wei.gwei(1_000), USUAL_SHARE);

  private static final BigInteger SEVEN = BigInteger.valueOf(7);
  private static final BigInteger EIGHT = BigInteger.valueOf(8);

  public FeePolicy {
    if (minTip.compareTo(maxTip) > 0 || maxTip.compareTo(maxCap) > 0) {
      throw new IllegalArgumentException(
          "expected least tip <= highest tip <= highest cap, found "
              + minTip
              + ", "
              + maxTip
              + ", "
              + maxCap);
    }
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "expected a share of the value at risk above 0 and at most 1, found " + share);
    }
  }

  /** The usual tips, in all at most {@code maxCap} and this share of the value at risk. */
  public static FeePolicy capped(Wei maxCap, double share) {
    return new FeePolicy(min(DEFAULT.minTip, maxCap), min(DEFAULT.maxTip, maxCap), maxCap, share);
  }

  /** This policy for a transaction that may use {@code gas} to save {@code worth}. */
  public FeePolicy within(Wei worth, Gas gas) {
    BigInteger whole =
        new BigDecimal(worth.amount()).multiply(BigDecimal.valueOf(share)).toBigInteger();
    Wei most = new Wei(whole.divide(BigInteger.valueOf(gas.amount())));
    return new FeePolicy(min(minTip, most), min(maxTip, most), min(maxCap, most), share);
  }

  /** The bid in this market. */
  public Fees bid(ChainAccess.Market market) {
    Wei tip = min(max(market.tip(), minTip), maxTip);
    Wei cap = min(market.baseFee().times(2).plus(tip), maxCap);
    return new Fees(cap, tip);
  }

  /**
   * What may replace {@code sent}, ascending: each rung is at least an eighth above the one before
   * on tip and cap, as every node's pool asks for (a tenth, with some to spare), and leaves the
   * base fee of this market room to double. It ends where a rung would pass {@code maxTip} or
   * {@code maxCap}.
   */
  public List<Fees> ladder(Fees sent, ChainAccess.Market market) {
    List<Fees> rungs = new ArrayList<>();
    Fees last = sent;
    while (true) {
      Wei tip = max(anEighthMore(last.tip()), minTip);
      Wei least = anEighthMore(last.cap());
      if (tip.compareTo(maxTip) > 0 || least.compareTo(maxCap) > 0) {
        return List.copyOf(rungs);
      }
      last = new Fees(min(max(least, market.baseFee().times(2).plus(tip)), maxCap), tip);
      rungs.add(last);
    }
  }

  /**
   * Whether {@code ours} goes before {@code rival} in the next block by the tip really paid,
   * wherever its base fee comes to lie: it moves by an eighth at most.
   */
  public static boolean beats(Fees ours, Fees rival, ChainAccess.Market market) {
    Wei highest = anEighthMore(market.baseFee());
    return ours.effectiveTip(highest).compareTo(rival.effectiveTip(lowestNext(market))) > 0;
  }

  /** Whether {@code fees} may pay the next block's base fee, if it comes to lie low. */
  static boolean payable(Fees fees, ChainAccess.Market market) {
    return fees.cap().compareTo(lowestNext(market)) >= 0;
  }

  private static Wei lowestNext(ChainAccess.Market market) {
    return new Wei(market.baseFee().amount().multiply(SEVEN).divide(EIGHT));
  }

  private static Wei anEighthMore(Wei amount) {
    BigInteger eighth = amount.amount().add(SEVEN).divide(EIGHT);
    return new Wei(amount.amount().add(eighth).max(BigInteger.ONE));
  }

  private static Wei min(Wei a, Wei b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Wei max(Wei a, Wei b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
