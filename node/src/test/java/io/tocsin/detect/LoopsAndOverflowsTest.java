package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.LENDER;
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
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Amounts that overflow, deposits that go round, and sisters entered before books are closed. */
final class LoopsAndOverflowsTest {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);
  private static final Address SISTER = account(0x52);
  private static final Address CONTROLLER = account(0x53);

  private static List<String> found(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    List<String> with = found(trace);
    assertThat(found(Samples.bare(trace, root.json))).as("without events").isEqualTo(with);
    return with;
  }

  private static List<String> found(TxTrace trace) {
    return DETECTORS.scan(trace, StateReads.NONE, History.NONE).results().stream()
        .filter(r -> r.scan() instanceof Scan.Found)
        .map(DetectorResult::detector)
        .toList();
  }

  private static Samples.Call batch(BigInteger amount) {
    return Samples.tx(
            SENDER,
            COIN,
            "batchTransfer(address[],uint256)",
            64,
            amount,
            2,
            account(0x70),
            account(0x71))
        .returns(1);
  }

  @Test
  void anAmountThatTimesTheReceiversIsNothingIsMadeToOverflow() {
    assertThat(found(batch(BigInteger.ONE.shiftLeft(255)))).containsExactly("wrapped-amount");
  }

  @Test
  void twoAmountsThatAddUpToNothingAreMadeToOverflow() {
    BigInteger amount = BigInteger.valueOf(0x8f).shiftLeft(248).subtract(BigInteger.ONE);
    BigInteger fee = BigInteger.ONE.shiftLeft(256).subtract(amount);
    assertThat(
            found(
                Samples.tx(
                    SENDER,
                    COIN,
                    "transferProxy(address,address,uint256,uint256)",
                    account(0x70),
                    account(0x71),
                    amount,
                    fee)))
        .containsExactly("wrapped-amount");
  }

  @Test
  void anOrdinaryBatchAndOneOfEverythingAreNot() {
    assertThat(found(batch(BigInteger.valueOf(500)))).isEmpty();
    assertThat(found(batch(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE)))).isEmpty();
  }

  /** Routers write half of the range for "all that you hold". */
  @Test
  void aRouterThatIsToldToTakeAllItHoldsMovesSomethingElsewhere() {
    Samples.Call root =
        Samples.tx(
            SENDER,
            POOL,
            "swapExactTokensForTokens(uint256,uint256,address[],address)",
            BigInteger.ONE.shiftLeft(255),
            1,
            128,
            SENDER,
            2,
            USD,
            COIN);
    root.transferFrom(USD, SENDER, VAULT, 100);
    assertThat(found(root)).isEmpty();
  }

  @Test
  void aPositiveAndANegativeNumberAreNoOverflow() {
    BigInteger minus = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.valueOf(1_000));
    assertThat(
            found(Samples.tx(SENDER, POOL, "uniswapV3SwapCallback(int256,int256)", minus, 1_000)))
        .isEmpty();
  }

  private static Samples.Call loop(int rounds, long grows) {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    for (int i = 0; i < rounds; i++) {
      root.transfer(COIN, VAULT, 1_000 + i * grows);
      root.call(VAULT, "leave()").transfer(COIN, ROBBER, 1_000 + i * grows);
    }
    return root;
  }

  @Test
  void theSameFundsInAndOutFiveTimesIsALoop() {
    assertThat(found(loop(5, 0))).containsExactly("deposit-loop");
    assertThat(found(loop(5, 10))).containsExactly("deposit-loop");
  }

  @Test
  void fourTimesOrFiveLoansAreNone() {
    assertThat(found(loop(4, 0))).isEmpty();
    Samples.Call loans = Samples.tx(SENDER, ROBBER, "run()");
    for (int i = 0; i < 5; i++) {
      Samples.Call loan = loans.call(LENDER, "flashLoan(uint256)", 1_000);
      loan.transfer(USD, ROBBER, 1_000 + i * 100);
      loan.call(ROBBER, "onLoan()").transfer(USD, LENDER, 1_000 + i * 100);
    }
    assertThat(found(loans)).isEmpty();
  }

  /** A market pays out and calls the receiver, who turns to another market meanwhile. */
  private static Samples.Call sisters(Address second, boolean shared) {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call borrow = root.call(VAULT, "borrow(uint256)", 900);
    borrow.call(CONTROLLER, "borrowAllowed(address,uint256)", ROBBER, 900).returns(0);
    Samples.Call pay = borrow.transfer(COIN, ROBBER, 900);
    Samples.Call hook = pay.call(ROBBER, "tokensReceived(uint256)", 900);
    Samples.Call more = hook.call(second, "borrow(uint256)", 400);
    if (shared) {
      more.call(CONTROLLER, "borrowAllowed(address,uint256)", ROBBER, 400).returns(0);
    }
    more.transfer(USD, ROBBER, 400);
    return root;
  }

  @Test
  void aSisterThatChangesTheSameBooksBeforeTheyAreClosedIsEnteredTooEarly() {
    assertThat(found(sisters(SISTER, true))).contains("shared-reentrancy");
  }

  @Test
  void aStrangerEnteredMeanwhileIsNoSister() {
    assertThat(found(sisters(SISTER, false))).doesNotContain("shared-reentrancy");
  }

  /** The receiver of unwrapped currency wraps it again at once. */
  @Test
  void aTokenThatBothUseKeepsNoBooksForThem() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call claim = root.call(VAULT, "claim()");
    claim.call(USD, "settle(uint256)", 1);
    claim.balance(USD, VAULT, 5_000);
    Samples.Call pay = claim.transfer(COIN, ROBBER, 900);
    pay.call(ROBBER, "tokensReceived(uint256)", 900).call(USD, "settle(uint256)", 2);
    assertThat(found(root)).doesNotContain("shared-reentrancy");
  }

  private static Samples.Call mints(boolean paid) {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    if (paid) {
      root.transferFrom(USD, SENDER, VAULT, 100);
    }
    Samples.Call outer = root.call(VAULT, "deposit(uint256,address)", 100, SENDER);
    Samples.Call hook = outer.call(ROBBER, "pull(uint256)", 100);
    Samples.Call inner = hook.call(VAULT, "deposit(uint256,address)", 100, SENDER);
    inner.call(COIN, "mint(address,uint256)", SENDER, 90).moved(COIN, Address.ZERO, SENDER, 90);
    outer.call(COIN, "mint(address,uint256)", SENDER, 90).moved(COIN, Address.ZERO, SENDER, 90);
    return root;
  }

  @Test
  void sharesMadeForNothingInAndUnderAnUnfinishedCallAreReentrancy() {
    assertThat(found(mints(false))).containsExactly("reentrancy");
  }

  @Test
  void sharesThatWerePaidForAreNot() {
    assertThat(found(mints(true))).isEmpty();
  }
}
