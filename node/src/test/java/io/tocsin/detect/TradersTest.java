package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.LENDER;
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
import org.junit.jupiter.api.Test;

/** Automated trade with borrowed funds, which looks more like an attack than anything else. */
final class TradersTest {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);
  private static final Address BOT = ROBBER;

  private static void assertQuiet(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    for (TxTrace each : new TxTrace[] {trace, Samples.bare(trace, root.json)}) {
      ScanReport report = DETECTORS.scan(each, StateReads.NONE, History.NONE);
      assertThat(report.findings()).as("with logs: %s", each.hasLogs()).isEmpty();
    }
  }

  /** One vault lends, and trades in the same call what it lent for something else. */
  @Test
  void arbitragesWithTheVaultThatLends() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call loan = root.call(VAULT, "flashLoan(address,address[],uint256[],bytes)", BOT);
    loan.balance(COIN, VAULT, 2_000);
    loan.transfer(COIN, BOT, 1_000);
    Samples.Call work = loan.call(BOT, "receiveFlashLoan(address[],uint256[],uint256[],bytes)");
    work.transfer(COIN, PAIR, 1_000);
    work.call(PAIR, "swap(uint256,uint256,address,bytes)", 2_100, 0, BOT, 128, 0)
        .transfer(USD, BOT, 2_100);
    Samples.Call swap = work.call(VAULT, "swap(uint256)", 2_100);
    swap.transferFrom(USD, BOT, VAULT, 2_100);
    swap.transfer(COIN, BOT, 1_050);
    work.transfer(COIN, VAULT, 1_000);
    root.transfer(COIN, SENDER, 50);
    assertQuiet(root);
  }

  /** The collector of a token's tax sells all that it has when somebody trades. */
  @Test
  void tradesATokenWhoseTaxIsSoldMeanwhile() {
    Address collector = account(0x80);
    Address treasury = account(0x81);
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call loan = root.call(LENDER, "flashLoan(uint256)", 1_000);
    loan.transfer(USD, BOT, 1_000);
    Samples.Call work = loan.call(BOT, "onLoan(uint256)", 1_000);
    work.transfer(USD, PAIR, 1_000);
    work.call(PAIR, "swap(uint256,uint256,address,bytes)", 990, 0, BOT, 128, 0)
        .transfer(COIN, BOT, 990);
    Samples.Call sell = work.transfer(COIN, OTHER_PAIR, 990);
    Samples.Call tax = sell.call(collector, "sellTax()");
    tax.balance(COIN, collector, 40);
    tax.transfer(COIN, PAIR, 40);
    tax.call(PAIR, "swap(uint256,uint256,address,bytes)", 0, 39, treasury, 128, 0)
        .transfer(USD, treasury, 39);
    work.call(OTHER_PAIR, "swap(uint256,uint256,address,bytes)", 0, 1_020, BOT, 128, 0)
        .transfer(USD, BOT, 1_020);
    work.transfer(USD, LENDER, 1_001);
    assertQuiet(root);
  }

  /** Collateral of a debtor is seized and redeemed, and another holder had none of it. */
  @Test
  void liquidatesTheLastHolderOfAMarket() {
    Address collateral = account(0x82);
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call loan = root.call(LENDER, "flashLoan(uint256)", 1_000);
    loan.transfer(USD, BOT, 1_000);
    Samples.Call work = loan.call(BOT, "onLoan(uint256)", 1_000);
    work.reserves(PAIR, 10_000, 10_000);
    Samples.Call liquidate =
        work.call(VAULT, "liquidateBorrow(address,uint256,address)", account(9), 1_000, collateral);
    liquidate.transferFrom(USD, BOT, VAULT, 1_000);
    liquidate.call(collateral, "seize(address,address,uint256)", BOT, account(9), 500).returns(0);
    Samples.Call redeem = work.call(collateral, "redeem(uint256)", 500);
    redeem.balance(COIN, collateral, 1_080);
    redeem.transfer(COIN, BOT, 1_080);
    work.transfer(COIN, PAIR, 1_080);
    work.call(PAIR, "swap(uint256,uint256,address,bytes)", 0, 1_040, BOT, 128, 0)
        .transfer(USD, BOT, 1_040);
    work.reserves(PAIR, 11_080, 8_960);
    work.transfer(USD, LENDER, 1_001);
    root.transfer(USD, SENDER, 39);
    assertQuiet(root);
  }

  /** Makes shares at their price, sells them dearer, and keeps the difference. */
  @Test
  void makesSharesAndSellsThemForMore() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call loan = root.call(LENDER, "flashLoan(uint256)", 1_000);
    loan.transfer(USD, BOT, 1_000);
    Samples.Call work = loan.call(BOT, "onLoan(uint256)", 1_000);
    work.balance(VAULT, BOT, 0);
    Samples.Call deposit = work.call(VAULT, "deposit(uint256)", 1_000);
    deposit.transferFrom(USD, BOT, VAULT, 1_000);
    deposit.moved(VAULT, Address.ZERO, BOT, 900);
    work.transfer(VAULT, PAIR, 900);
    work.balance(USD, PAIR, 1_500);
    work.call(PAIR, "swap(uint256,uint256,address,bytes)", 0, 1_030, BOT, 128, 0)
        .transfer(USD, BOT, 1_030);
    work.transfer(USD, LENDER, 1_001);
    root.transfer(USD, SENDER, 29);
    assertQuiet(root);
  }
}
