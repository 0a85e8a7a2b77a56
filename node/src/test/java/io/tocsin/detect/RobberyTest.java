package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.LENDER;
import static io.tocsin.detect.Samples.OTHER_PAIR;
import static io.tocsin.detect.Samples.PAIR;
import static io.tocsin.detect.Samples.POOL;
import static io.tocsin.detect.Samples.ROBBER;
import static io.tocsin.detect.Samples.SENDER;
import static io.tocsin.detect.Samples.USD;
import static io.tocsin.detect.Samples.VAULT;
import static io.tocsin.detect.Samples.account;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is robbed though a debt was booked, something was given, or the loot stays elsewhere. */
final class RobberyTest {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);
  private static final Address MARKET = account(0x50);
  private static final Address OTHER_MARKET = account(0x51);
  private static final Address FRIEND = account(0x60);

  /** The ids of the detectors that found something, the same with and without events and gas. */
  private static List<String> found(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    List<String> with = found(trace);
    assertThat(found(Samples.bare(trace, root.json))).as("without events").isEqualTo(with);
    return with;
  }

  private static List<String> found(TxTrace trace) {
    List<String> ids = new ArrayList<>();
    for (DetectorResult result : DETECTORS.scan(trace, StateReads.NONE, History.NONE).results()) {
      if (result.scan() instanceof Scan.Found) {
        ids.add(result.detector());
      }
    }
    return ids;
  }

  /** The loan of {@code amount} dollars, in which {@link #repay} must follow. */
  private static Samples.Call loan(Samples.Call root, long amount) {
    Samples.Call loan = root.call(LENDER, "flashLoan(uint256)", amount);
    loan.transfer(USD, ROBBER, amount);
    return loan.call(ROBBER, "onLoan(uint256)", amount);
  }

  private static void repay(Samples.Call work, long amount) {
    work.transfer(USD, LENDER, amount);
  }

  private static void borrowAll(Samples.Call work, Address market, Address token, long held) {
    Samples.Call borrow = work.call(market, "borrow(uint256)", held);
    borrow.balance(token, market, held);
    borrow.transfer(token, ROBBER, held);
  }

  private static void supply(Samples.Call work, Address token, long amount) {
    work.call(POOL, "supply(address,uint256,address,uint16)", token, amount, ROBBER, 0)
        .transferFrom(token, ROBBER, POOL, amount);
  }

  @Test
  void twoLendersEmptiedWithBorrowedFundsAreRobbedWhateverDebtWasBooked() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call work = loan(root, 1_000);
    borrowAll(work, MARKET, COIN, 700);
    borrowAll(work, OTHER_MARKET, account(0x12), 900);
    repay(work, 1_000);
    assertThat(found(root)).containsExactly("emptied-lenders");
  }

  @Test
  void oneLenderEmptiedAtAMovedPriceIsRobbed() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call work = loan(root, 1_000);
    work.reserves(PAIR, 1_000, 1_000);
    borrowAll(work, MARKET, COIN, 700);
    work.reserves(PAIR, 2_000, 500);
    repay(work, 1_000);
    assertThat(found(root)).contains("emptied-lenders");
  }

  @Test
  void whoBorrowsAllOfOneMarketAtAnUnmovedPriceIsADebtor() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call work = loan(root, 1_000);
    work.reserves(PAIR, 1_000, 1_000);
    borrowAll(work, MARKET, COIN, 700);
    repay(work, 1_000);
    assertThat(found(root)).isEmpty();
  }

  /** Takes out of two markets as their last holder, and puts it into others. */
  @Test
  void whoMovesAllOfAPositionToAnotherLenderKeepsNothing() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call work = loan(root, 1_000);
    borrowAll(work, MARKET, COIN, 700);
    borrowAll(work, OTHER_MARKET, account(0x12), 900);
    supply(work, COIN, 700);
    supply(work, account(0x12), 900);
    repay(work, 1_000);
    assertThat(found(root)).isEmpty();
  }

  /** A pool buys at {@code rate} dollars a coin. */
  private static void trade(Samples.Call root, Address pool, long coins, long dollars) {
    Samples.Call swap = root.call(pool, "swap(uint256,uint256,address,bytes)", 0, dollars, FRIEND);
    root.transfer(COIN, pool, coins);
    swap.transfer(USD, FRIEND, dollars);
  }

  @Test
  void allItHeldForAThousandthOfItsWorthIsNoExchange() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call take = root.call(VAULT, "exchange(uint256)", 1);
    take.balance(COIN, VAULT, 1_000);
    take.transferFrom(USD, SENDER, VAULT, 1);
    take.transfer(COIN, ROBBER, 1_000);
    trade(root, PAIR, 1_000, 1_000);
    assertThat(found(root)).contains("lopsided-exchange");
  }

  @Test
  void allItHeldForHalfOfItsWorthIsABadExchange() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call take = root.call(VAULT, "exchange(uint256)", 500);
    take.balance(COIN, VAULT, 1_000);
    take.transferFrom(USD, SENDER, VAULT, 500);
    take.transfer(COIN, ROBBER, 1_000);
    trade(root, PAIR, 1_000, 1_000);
    assertThat(found(root)).isEmpty();
  }

  @Test
  void aPriceThatNobodyElsePaidIsNotJudged() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call take = root.call(VAULT, "exchange(uint256)", 1);
    take.balance(COIN, VAULT, 1_000);
    take.transferFrom(USD, SENDER, VAULT, 1);
    take.transfer(COIN, SENDER, 1_000);
    assertThat(found(root)).isEmpty();
  }

  /** A pool gives all it has for tokens of its own that the robber never had. */
  private static Samples.Call shares(long before, long given) {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call work = loan(root, 1_000);
    work.balance(VAULT, ROBBER, before);
    work.balance(COIN, VAULT, 900);
    Samples.Call give = work.transfer(VAULT, VAULT, given);
    assertThat(give).isNotNull();
    work.call(VAULT, "removeForMember(address)", ROBBER).transfer(COIN, ROBBER, 800);
    repay(work, 1_000);
    return root;
  }

  @Test
  void whatCameFromNowhereIsNoPayment() {
    assertThat(found(shares(10, 500))).contains("value-conservation");
  }

  @Test
  void whoGivesSharesThatHeHeldIsAHolder() {
    assertThat(found(shares(500, 500))).isEmpty();
  }

  @Test
  void whomTheRobberNamesAsReceiverWithBorrowedFundsIsOnHisSide() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call work = loan(root, 1_000);
    Samples.Call sweep = work.call(VAULT, "sweep(address)", FRIEND);
    sweep.balance(COIN, VAULT, 1_000);
    sweep.transfer(COIN, FRIEND, 600);
    repay(work, 1_000);
    assertThat(found(root)).contains("value-conservation");
  }

  @Test
  void whomAnOperatorNamesWithoutBorrowingIsNot() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call sweep = root.call(VAULT, "sweep(address)", FRIEND);
    sweep.balance(COIN, VAULT, 1_000);
    sweep.transfer(COIN, FRIEND, 1_000);
    assertThat(found(root)).isEmpty();
  }

  @Test
  void aVaultEmptiedWithBorrowedFundsIsRobbedWhoeverGotIt() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call work = loan(root, 1_000);
    Samples.Call agent = work.call(account(0x61), "go()");
    Samples.Call drain = agent.call(VAULT, "drain()");
    drain.balance(COIN, VAULT, 1_000);
    drain.transfer(COIN, account(0x61), 1_000);
    repay(work, 1_000);
    assertThat(found(root)).contains("value-conservation");
  }

  @Test
  void aVaultThatKeepsAPartIsNotJudgedByThat() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call work = loan(root, 1_000);
    Samples.Call agent = work.call(account(0x61), "go()");
    Samples.Call drain = agent.call(VAULT, "drain()");
    drain.balance(COIN, VAULT, 1_000);
    drain.transfer(COIN, account(0x61), 800);
    repay(work, 1_000);
    assertThat(found(root)).isEmpty();
  }

  @Test
  void manySmallLossesInARowAreOneLoss() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    for (int i = 0; i < 20; i++) {
      root.transfer(COIN, VAULT, 1_000 + i);
      Samples.Call out = root.call(VAULT, "leave()");
      if (i == 0) {
        out.balance(COIN, VAULT, 1_200);
      }
      out.transfer(COIN, ROBBER, 1_009 + i);
    }
    assertThat(found(root)).contains("value-conservation");
  }

  @Test
  void anEntryThatHandsThingsToItsOwnHelperIsStillTheSenders() {
    Address helper = account(0x62);
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.create(helper);
    Samples.Call deposit = root.call(VAULT, "deposit(uint256)", 10);
    deposit.returns(10);
    root.transfer(VAULT, helper, 10);
    Samples.Call out = root.call(OTHER_PAIR, "drain()");
    out.balance(COIN, OTHER_PAIR, 100);
    out.transfer(COIN, ROBBER, 100);
    assertThat(found(root)).contains("value-conservation");
  }
}
