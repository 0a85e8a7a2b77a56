package io.tocsin.adapter.contract;

import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction may cost a unit of gas. The tip is what endpoints suggest, at least {@code
 * minTip} and at most {@code maxTip}; the cap leaves room for the base fee to double, up to {@code
 * maxCap}.
 */
public record FeePolicy(Wei minTip, Wei maxTip, Wei maxCap) {
  /** Tips from 2 to 100 gwei, in all at most 1,000 gwei. */
  public static final FeePolicy DEFAULT =
      new FeePolicy(Wei.gwei(2), Wei.gwei(100), Wei.gwei(1_000));

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
    Wei lowest = new Wei(market.baseFee().amount().multiply(SEVEN).divide(EIGHT));
    return ours.effectiveTip(highest).compareTo(rival.effectiveTip(lowest)) > 0;
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
