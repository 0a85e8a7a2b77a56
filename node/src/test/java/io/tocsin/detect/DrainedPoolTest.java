package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.OTHER_PAIR;
import static io.tocsin.detect.Samples.PAIR;
import static io.tocsin.detect.Samples.ROBBER;
import static io.tocsin.detect.Samples.SENDER;
import static io.tocsin.detect.Samples.USD;
import static io.tocsin.detect.Samples.VAULT;
import static io.tocsin.detect.Samples.account;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.rules.DrainedPool;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pool holds 1,000 coins and 1,000 dollars before each of these transactions. */
final class DrainedPoolTest {
  private static final Address STRANGER = account(0x77);

  private static List<Finding> findings(TxTrace trace) {
    TraceFacts facts = new TraceFacts(trace, StateReads.NONE, History.NONE, DetectConfig.DEFAULT);
    return new DrainedPool().scan(facts) instanceof Scan.Found(List<Finding> found)
        ? found
        : List.of();
  }

  /** Findings of the trace, the same with and without events and gas. */
  private static List<Finding> findings(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    List<Finding> with = findings(trace);
    assertThat(findings(Samples.bare(trace, root.json)))
        .extracting(Finding::subject)
        .containsExactlyElementsOf(with.stream().map(Finding::subject).toList());
    return with;
  }

  private static Samples.Call run() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.reserves(PAIR, 1_000, 1_000);
    return root;
  }

  private static void mint(Samples.Call by, long amount) {
    by.call(COIN, "mint(address,uint256)", ROBBER, amount)
        .moved(COIN, Address.ZERO, ROBBER, amount);
  }

  /** Sells so many coins, already paid in, for so many dollars that go to {@code to}. */
  private static void sell(Samples.Call by, long coins, long dollars, Address to) {
    Samples.Call swap =
        by.call(PAIR, "swap(uint256,uint256,address,bytes)", 0, dollars, to, 128, 0);
    swap.transfer(USD, to, dollars);
    swap.balance(COIN, PAIR, 1_000 + coins);
    swap.balance(USD, PAIR, 1_000 - dollars);
  }

  private static Samples.Call mintedAndSold(long coins, long dollars) {
    Samples.Call root = run();
    mint(root, coins);
    root.transfer(COIN, PAIR, coins);
    sell(root, coins, dollars, ROBBER);
    return root;
  }

  @Test
  void findsThePoolThatMintedTokensWereSoldInto() {
    List<Finding> findings = findings(mintedAndSold(9_000, 900));
    assertThat(findings).extracting(Finding::subject).containsExactly(PAIR);
    Loss loss = findings.getFirst().losses().getFirst();
    assertThat(loss.asset()).isEqualTo(new Asset.Token(USD));
    assertThat(loss.amount()).isEqualTo(900);
    assertThat(findings.getFirst().why().assumptions()).isEmpty();
  }

  @Test
  void aRewardThatLeavesAThirdOfTheReserveIsNoFinding() {
    assertThat(findings(mintedAndSold(2_100, 677))).hasSize(1);
    assertThat(findings(mintedAndSold(1_900, 655))).isEmpty();
  }

  @Test
  void whoGivesAnythingForWhatHeSellsIsATrader() {
    Samples.Call root = mintedAndSold(9_000, 900);
    root.transfer(account(0x12), VAULT, 50);
    root.call(VAULT, "thanks()");
    assertThat(findings(root)).isEmpty();
  }

  @Test
  void findsTokensThatCameFromNowhereWhereWhatWasHeldIsKnown() {
    assertThat(findings(sold(10))).extracting(Finding::subject).containsExactly(PAIR);
    assertThat(findings(sold(10)).getFirst().why().assumptions()).hasSize(1);
    assertThat(findings(sold(9_000))).isEmpty();
    assertThat(findings(sold(-1))).isEmpty();
  }

  /** Coins sold by somebody who held {@code before}, or of whom it is not known if negative. */
  private static Samples.Call sold(long before) {
    Samples.Call root = run();
    if (before >= 0) {
      root.balance(COIN, ROBBER, before);
    }
    root.transfer(COIN, PAIR, 9_000);
    sell(root, 9_000, 900, ROBBER);
    return root;
  }

  @Test
  void whoBuysUpANewPoolWithHisOwnMoneyIsATrader() {
    Samples.Call root = run();
    root.transfer(USD, PAIR, 9_000);
    Samples.Call swap =
        root.call(PAIR, "swap(uint256,uint256,address,bytes)", 900, 0, ROBBER, 128, 0);
    swap.transfer(COIN, ROBBER, 900);
    swap.balance(COIN, PAIR, 100);
    swap.balance(USD, PAIR, 10_000);
    assertThat(findings(root)).isEmpty();
  }

  /** The pool that was off gives coins, which the sender's side does not keep. */
  @Test
  void anArbitrageThatPutsAPoolRightIsNoFinding() {
    Samples.Call root = run();
    root.reserves(OTHER_PAIR, 100_000, 10_000_000);
    Samples.Call swap =
        root.call(PAIR, "swap(uint256,uint256,address,bytes)", 900, 0, ROBBER, 128, 1);
    swap.transfer(COIN, ROBBER, 900);
    Samples.Call back = swap.call(ROBBER, "uniswapV2Call(address,uint256,uint256,bytes)", ROBBER);
    back.transfer(COIN, OTHER_PAIR, 900);
    Samples.Call other =
        back.call(OTHER_PAIR, "swap(uint256,uint256,address,bytes)", 0, 89_000, ROBBER, 128);
    other.transfer(USD, ROBBER, 89_000);
    other.balance(COIN, OTHER_PAIR, 100_900);
    other.balance(USD, OTHER_PAIR, 9_911_000);
    back.transfer(USD, PAIR, 9_000);
    swap.balance(COIN, PAIR, 100);
    swap.balance(USD, PAIR, 10_000);
    assertThat(findings(root)).isEmpty();
  }

  @Test
  void findsLootThatGoesToAStrangerIfNobodyLostWhatWasSold() {
    Samples.Call root = run();
    mint(root, 9_000);
    root.transfer(COIN, PAIR, 9_000);
    sell(root, 9_000, 900, STRANGER);
    root.call(STRANGER, "thanks()");
    List<Finding> findings = findings(root);
    assertThat(findings).extracting(Finding::subject).containsExactly(PAIR);
    assertThat(findings.getFirst().why().assumptions()).hasSize(1);
  }

  @Test
  void aContractThatSellsWhatItHoldsForAStrangerIsNoFinding() {
    Samples.Call root = run();
    Samples.Call collected = root.call(VAULT, "sellFees()");
    collected.transfer(COIN, PAIR, 9_000);
    sell(collected, 9_000, 900, STRANGER);
    root.call(STRANGER, "thanks()");
    assertThat(findings(root)).isEmpty();
  }

  @Test
  void liquidityTakenOutIsNoFinding() {
    Samples.Call root = mintedAndSold(9_000, 900);
    root.call(PAIR, "burn(address)", ROBBER);
    assertThat(findings(root)).isEmpty();
  }
}
