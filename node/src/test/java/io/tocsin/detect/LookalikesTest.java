package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.DEBT;
import static io.tocsin.detect.Samples.LENDER;
import static io.tocsin.detect.Samples.OTHER_PAIR;
import static io.tocsin.detect.Samples.PAIR;
import static io.tocsin.detect.Samples.POOL;
import static io.tocsin.detect.Samples.RECEIPT;
import static io.tocsin.detect.Samples.ROBBER;
import static io.tocsin.detect.Samples.SENDER;
import static io.tocsin.detect.Samples.USD;
import static io.tocsin.detect.Samples.VAULT;
import static io.tocsin.detect.Samples.account;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import org.junit.jupiter.api.Test;

/** What resembles an attack and is none. */
final class LookalikesTest {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);
  private static final Address BOT = ROBBER;

  private static void assertQuiet(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    TxTrace bare = Samples.bare(trace, root.json);
    assertThat(bare.hasLogs()).isFalse();
    assertThat(bare.hasGas()).isFalse();
    for (TxTrace each : new TxTrace[] {trace, bare}) {
      ScanReport report = DETECTORS.scan(each, StateReads.NONE, History.NONE);
      assertThat(report.findings()).as("with logs: %s", each.hasLogs()).isEmpty();
    }
  }

  @Test
  void approvedOperatorRedeemsForTheOwner() {
    Address owner = account(0x77);
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call redeem =
        root.call(VAULT, "redeem(uint256,address,address)", 900, SENDER, owner).returns(900);
    redeem.balance(USD, VAULT, 1_000);
    redeem.moved(VAULT, owner, Address.ZERO, 900);
    redeem.transfer(USD, SENDER, 900);
    assertQuiet(root);
  }

  @Test
  void operatorTakesAnAllowanceItWasGiven() {
    Address owner = account(0x77);
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    root.balance(USD, owner, 1_000);
    root.transferFrom(USD, owner, BOT, 1_000);
    assertQuiet(root);
  }

  @Test
  void operatorTakesWhatAPermitAllowed() {
    Address owner = account(0x77);
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    root.call(
        USD,
        "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
        owner,
        BOT,
        1_000,
        9_999,
        27,
        1,
        2);
    root.balance(USD, owner, 1_000);
    root.transferFrom(USD, owner, BOT, 1_000);
    assertQuiet(root);
  }

  @Test
  void depositsIntoAVault() {
    Samples.Call root = Samples.tx(SENDER, VAULT, "deposit(uint256,address)", 500, SENDER);
    root.balance(USD, VAULT, 100);
    root.transferFrom(USD, SENDER, VAULT, 500);
    root.moved(VAULT, Address.ZERO, SENDER, 500);
    assertQuiet(root);
  }

  @Test
  void withdrawsFromAVaultThroughAnotherContract() {
    Samples.Call root = Samples.tx(SENDER, BOT, "zapOut()");
    root.transferFrom(VAULT, SENDER, BOT, 500);
    Samples.Call redeem = root.call(VAULT, "withdraw(uint256)", 500);
    redeem.balance(USD, VAULT, 900);
    redeem.moved(VAULT, BOT, Address.ZERO, 500);
    redeem.transfer(USD, BOT, 500);
    root.transfer(USD, SENDER, 500);
    assertQuiet(root);
  }

  @Test
  void suppliesToALendingMarket() {
    Samples.Call root =
        Samples.tx(SENDER, POOL, "supply(address,uint256,address,uint16)", USD, 500, SENDER, 0);
    root.transferFrom(USD, SENDER, RECEIPT, 500);
    root.call(RECEIPT, "mint(address,address,uint256,uint256)", SENDER, SENDER, 500, 1)
        .returns(1)
        .moved(RECEIPT, Address.ZERO, SENDER, 500);
    assertQuiet(root);
  }

  @Test
  void borrowsFromALendingMarket() {
    Samples.Call root =
        Samples.tx(
            SENDER, POOL, "borrow(address,uint256,uint256,uint16,address)", USD, 900, 2, 0, SENDER);
    root.call(DEBT, "mint(address,address,uint256,uint256)", SENDER, SENDER, 900, 1)
        .returns(1)
        .moved(DEBT, Address.ZERO, SENDER, 900);
    Samples.Call pay = root.call(RECEIPT, "transferUnderlyingTo(address,uint256)", SENDER, 900);
    pay.balance(USD, RECEIPT, 1_000);
    pay.transfer(USD, SENDER, 900);
    assertQuiet(root);
  }

  @Test
  void arbitragesTwoPoolsWithAFlashSwap() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    root.reserves(PAIR, 100_000, 100_000);
    root.reserves(OTHER_PAIR, 100_000, 110_000);
    Samples.Call swap =
        root.call(PAIR, "swap(uint256,uint256,address,bytes)", 1_000, 0, BOT, 128, 1);
    swap.transfer(COIN, BOT, 1_000);
    Samples.Call back =
        swap.call(BOT, "uniswapV2Call(address,uint256,uint256,bytes)", BOT, 1_000, 0, 128);
    back.transfer(COIN, OTHER_PAIR, 1_000);
    Samples.Call other =
        back.call(OTHER_PAIR, "swap(uint256,uint256,address,bytes)", 0, 1_085, BOT, 128);
    other.transfer(USD, BOT, 1_085);
    other.balance(COIN, OTHER_PAIR, 101_000);
    other.balance(USD, OTHER_PAIR, 108_915);
    back.transfer(USD, PAIR, 1_014);
    swap.balance(COIN, PAIR, 99_000);
    swap.balance(USD, PAIR, 101_014);
    assertQuiet(root);
  }

  @Test
  void liquidatesABorrowerWithAFlashLoan() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call loan =
        root.call(POOL, "flashLoanSimple(address,address,uint256,bytes,uint16)", BOT, USD, 1_000);
    loan.call(RECEIPT, "transferUnderlyingTo(address,uint256)", BOT, 1_000)
        .transfer(USD, BOT, 1_000);
    Samples.Call work =
        loan.call(BOT, "executeOperation(address,uint256,uint256,address,bytes)", USD, 1_000, 1);
    Samples.Call liquidate = work.call(LENDER, "liquidate(address,uint256)", account(9), 1_000);
    liquidate.view(PAIR, "getReserves()").returns(10_000, 10_000, 0);
    liquidate.transferFrom(USD, BOT, LENDER, 1_000);
    liquidate.transfer(COIN, BOT, 1_050);
    work.transfer(COIN, PAIR, 1_050);
    Samples.Call swap = work.call(PAIR, "swap(uint256,uint256,address,bytes)", 0, 1_030, BOT, 128);
    swap.transfer(USD, BOT, 1_030);
    loan.transferFrom(USD, BOT, RECEIPT, 1_001);
    root.transfer(USD, SENDER, 29);
    assertQuiet(root);
  }

  @Test
  void paysBackALenderByCallingIt() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call loan = root.call(LENDER, "flashLoan(uint256)", 1_000);
    loan.transfer(USD, BOT, 1_000);
    Samples.Call work = loan.call(BOT, "onLoan(uint256)", 1_000);
    work.transfer(USD, PAIR, 1_000);
    work.call(PAIR, "swap(uint256,uint256,address,bytes)", 0, 990, BOT, 128)
        .transfer(COIN, BOT, 990);
    work.transfer(COIN, OTHER_PAIR, 990);
    work.call(OTHER_PAIR, "swap(uint256,uint256,address,bytes)", 0, 1_020, BOT, 128)
        .transfer(USD, BOT, 1_020);
    work.call(LENDER, "repay(uint256)", 1_001).transferFrom(USD, BOT, LENDER, 1_001);
    assertQuiet(root);
  }

  /** Borrows for a moment what it then owes for good, at the same pool, on other collateral. */
  @Test
  void leveragesAPositionWithAFlashLoanOfTheLenderItself() {
    Address held = account(0x43);
    Samples.Call root = Samples.tx(SENDER, BOT, "lever()");
    Samples.Call loan =
        root.call(POOL, "flashLoanSimple(address,address,uint256,bytes,uint16)", BOT, USD, 1_000);
    loan.call(RECEIPT, "transferUnderlyingTo(address,uint256)", BOT, 1_000)
        .transfer(USD, BOT, 1_000);
    Samples.Call work =
        loan.call(
            BOT,
            "executeOperation(address,uint256,uint256,address,bytes)",
            USD,
            1_000,
            1,
            BOT,
            160);
    work.transfer(USD, PAIR, 1_000);
    work.call(PAIR, "swap(uint256,uint256,address,bytes)", 500, 0, BOT, 128, 0)
        .transfer(COIN, BOT, 500);
    Samples.Call supply =
        work.call(POOL, "supply(address,uint256,address,uint16)", COIN, 500, BOT, 0);
    supply.transferFrom(COIN, BOT, held, 500);
    supply.call(held, "mint(address,uint256)", BOT, 500).moved(held, Address.ZERO, BOT, 500);
    work.balance(USD, RECEIPT, 2_000);
    Samples.Call borrow =
        work.call(POOL, "borrow(address,uint256,uint256,uint16,address)", USD, 1_001, 2, 0, BOT);
    borrow.call(DEBT, "mint(address,uint256)", BOT, 1_001).moved(DEBT, Address.ZERO, BOT, 1_001);
    borrow
        .call(RECEIPT, "transferUnderlyingTo(address,uint256)", BOT, 1_001)
        .transfer(USD, BOT, 1_001);
    loan.transferFrom(USD, BOT, RECEIPT, 1_001);
    assertQuiet(root);
  }

  @Test
  void unwrapsNativeCurrency() {
    Address wrapped = account(0x12);
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    root.transferFrom(wrapped, SENDER, BOT, 700);
    root.call(wrapped, "withdraw(uint256)", 700).send(BOT, 700);
    root.send(SENDER, 700);
    assertQuiet(root);
  }

  @Test
  void takesASmallShareOfWhatThePayerHolds() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call pay = root.call(VAULT, "reward()");
    pay.balance(USD, VAULT, 1_000_000);
    pay.transfer(USD, BOT, 900);
    assertQuiet(root);
  }

  @Test
  void aPlainCallToAnOwnWalletIsNotJudged() {
    Samples.Call root = Samples.tx(SENDER, VAULT, "sweep(address)", USD);
    root.balance(USD, VAULT, 1_000);
    root.transfer(USD, SENDER, 1_000);
    assertQuiet(root);
    assertThat(DETECTORS.scan(Samples.trace(root), StateReads.NONE, History.NONE).scan())
        .isInstanceOf(Scan.NotAnalysed.class);
  }
}
