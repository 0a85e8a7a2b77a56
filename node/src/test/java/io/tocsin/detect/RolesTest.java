package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.LENDER;
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
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RolesTest {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);
  private static final String SWAP = "swap(uint256,uint256,address,bytes)";

  /** The roles of a trace, which are the same where the source records no events. */
  private static Roles roles(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    Roles full = roles(trace);
    Roles bare = roles(Samples.bare(trace, root.json));
    assertThat(bare.all()).isEqualTo(full.all());
    assertThat(bare.loans()).isEqualTo(full.loans());
    return full;
  }

  private static Roles roles(TxTrace trace) {
    TraceFacts facts = DETECTORS.facts(trace, StateReads.NONE, History.NONE).orElseThrow();
    return Roles.of(facts, DETECTORS.scan(trace, StateReads.NONE, History.NONE));
  }

  private static Samples.Call attack() {
    return Samples.tx(SENDER, ROBBER, "run()");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "onFlashLoan(address,address,uint256,uint256,bytes)|ERC3156",
        "executeOperation(address[],uint256[],uint256[],address,bytes)|AAVE",
        "executeOperation(address,uint256,uint256,address,bytes)|AAVE",
        "receiveFlashLoan(address[],uint256[],uint256[],bytes)|BALANCER",
        "callFunction(address,(address,uint256),bytes)|DYDX",
        "uniswapV3FlashCallback(uint256,uint256,bytes)|UNISWAP_V3",
        "DPPFlashLoanCall(address,uint256,uint256,bytes)|DODO",
        "thankYouForBorrowing(uint256)|OTHER"
      })
  void seesWhoLentHowMuchForWhatFeeWhicheverTheCallback(String callback, FlashLoan.Kind kind) {
    Samples.Call root = attack();
    Samples.Call lend = root.call(LENDER, "lend(uint256)", 1_000);
    lend.transfer(USD, ROBBER, 1_000);
    Samples.Call work = lend.call(ROBBER, callback, 1_000, 9, 96, 0);
    work.transfer(USD, LENDER, 1_009);

    Roles roles = roles(root);

    assertThat(roles.loans())
        .singleElement()
        .satisfies(
            loan -> {
              assertThat(loan.kind()).isEqualTo(kind);
              assertThat(loan.lender()).isEqualTo(LENDER);
              assertThat(loan.amount()).isEqualTo(1_000);
              assertThat(loan.fee()).contains(BigInteger.valueOf(9));
              assertThat(loan.span()).isEqualTo(new FlashLoan.Span(2, 3, 4));
            });
    assertThat(roles.of(LENDER)).containsExactly(Role.LENDER);
  }

  @Test
  void seesALoanPaidOutAndPulledBackByTheReserveOfALender() {
    Samples.Call root = attack();
    Samples.Call lend = root.call(POOL, "flashLoanSimple(address,address,uint256,bytes,uint16)");
    Samples.Call code = lend.lend(account(0x99), "flashLoanSimple(address,address,uint256)");
    code.call(RECEIPT, "transferUnderlyingTo(address,uint256)").transfer(USD, ROBBER, 500);
    code.call(ROBBER, "executeOperation(address,uint256,uint256,address,bytes)", 1);
    code.transferFrom(USD, ROBBER, RECEIPT, 501);

    Roles roles = roles(root);

    assertThat(roles.loans()).singleElement().extracting(FlashLoan::lender).isEqualTo(RECEIPT);
    assertThat(roles.of(POOL)).contains(Role.LENDER);
  }

  @Test
  void seesAForksOwnCallbackAndALoanPaidBackInAnotherAsset() {
    Samples.Call root = attack();
    Samples.Call swap = root.call(PAIR, SWAP, 0, 700, ROBBER, 128, 1);
    swap.transfer(COIN, ROBBER, 700);
    swap.call(ROBBER, "waultSwapCall(address,uint256,uint256,bytes)", ROBBER, 0, 700, 128, 0)
        .transfer(USD, PAIR, 800);

    assertThat(roles(root).loans())
        .singleElement()
        .satisfies(
            loan -> {
              assertThat(loan.kind()).isEqualTo(FlashLoan.Kind.UNISWAP_V2_FORK);
              assertThat(loan.fee()).isEqualTo(Optional.empty());
            });
  }

  @Test
  void seesWhatATokenMintsForTheLengthOfACall() {
    Samples.Call root = attack();
    Samples.Call mint = root.call(USD, "flashMint(uint256)", 50);
    mint.call(USD, "mint(address,uint256)", ROBBER, 50)
        .returns(1)
        .moved(USD, Address.ZERO, ROBBER, 50);
    mint.call(ROBBER, "onFlashLoan(address,address,uint256,uint256,bytes)", 1);
    mint.call(USD, "burn(address,uint256)", ROBBER, 50)
        .returns(1)
        .moved(USD, ROBBER, Address.ZERO, 50);

    assertThat(roles(root).loans()).singleElement().extracting(FlashLoan::lender).isEqualTo(USD);
  }

  @Test
  void pairsNestedLoansOfOneLenderWithTheirOwnRepayments() {
    Samples.Call root = attack();
    Samples.Call outer = root.call(LENDER, "lend(uint256)", 100);
    outer.transfer(USD, ROBBER, 100);
    Samples.Call work = outer.call(ROBBER, "back(uint256)", 1);
    Samples.Call inner = work.call(LENDER, "lend(uint256)", 100);
    inner.transfer(USD, ROBBER, 100);
    inner.call(ROBBER, "back(uint256)", 2).transfer(USD, LENDER, 101);
    work.transfer(USD, LENDER, 102);

    assertThat(roles(root).loans())
        .extracting(l -> l.fee().orElseThrow().intValue())
        .containsExactly(2, 1);
  }

  @Test
  void takesNoLoanForWhatIsNotPaidBackWhatATokenTellsOfOrWhatAnExchangeIs() {
    Samples.Call root = attack();
    Samples.Call taken = root.call(VAULT, "withdraw(uint256)", 100);
    taken.transfer(USD, ROBBER, 100);
    taken.call(ROBBER, "onWithdrawn(uint256)", 100).transfer(USD, VAULT, 60);
    Samples.Call hook = root.call(COIN, "transfer(address,uint256)", ROBBER, 0);
    hook.moved(COIN, VAULT, ROBBER, 5);
    hook.call(ROBBER, "tokensReceived(address)", VAULT).transfer(COIN, VAULT, 5);
    Samples.Call swap = root.call(POOL, "swap(address,bool,int256,uint160,bytes)", ROBBER);
    swap.transfer(COIN, ROBBER, 30);
    swap.call(ROBBER, "uniswapV3SwapCallback(int256,int256,bytes)", 1).transfer(USD, POOL, 40);

    assertThat(roles(Samples.trace(root)).loans()).isEmpty();
    assertThat(roles(Samples.bare(Samples.trace(root), root.json)).loans()).isEmpty();
  }

  @Test
  void tellsSenderEntryHandsVictimAndToken() {
    Address made = account(0x55);
    Address purse = account(0x56);
    Samples.Call root = attack();
    root.create(made);
    root.call(made, "go()").call(VAULT, "sweep(address)", made).transfer(USD, made, 900);
    root.balance(USD, VAULT, 100);
    root.call(made, "pay()").transfer(USD, purse, 900);

    Roles roles = roles(root);

    assertThat(roles.of(SENDER)).containsExactly(Role.SENDER);
    assertThat(roles.of(ROBBER)).containsExactly(Role.ENTRY, Role.SENDER_SIDE);
    assertThat(roles.of(made)).contains(Role.SENDER_SIDE);
    assertThat(roles.of(purse)).contains(Role.SENDER_SIDE);
    assertThat(roles.of(VAULT)).containsExactly(Role.VICTIM);
    assertThat(roles.of(USD)).containsExactly(Role.TOKEN);
    assertThat(roles.of(account(0x57))).isEmpty();
  }

  @Test
  void tellsPoolRouterOracleProxyAndWrapper() {
    Address router = account(0x61);
    Address oracle = account(0x62);
    Address code = account(0x63);
    Address wrapped = account(0x64);
    Samples.Call root = attack();
    root.view(oracle, "latestAnswer()").returns(7);
    Samples.Call route = root.call(router, "swapExact(uint256)", 100);
    route.transferFrom(USD, ROBBER, router, 100);
    route.transfer(USD, PAIR, 100);
    route.reserves(PAIR, 1_000, 1_000);
    route.call(PAIR, SWAP, 0, 90, ROBBER, 128, 0).transfer(COIN, ROBBER, 90);
    Samples.Call kept = root.call(VAULT, "poke(uint256)", 5);
    kept.lend(code, "poke(uint256)", 5);
    kept.lend(account(0x65), "library(uint256)", 5);
    root.call(wrapped, "withdraw(uint256)", 3).send(ROBBER, 3);
    root.balance(wrapped, ROBBER, 0);

    Roles roles = roles(root);

    assertThat(roles.of(PAIR)).containsExactly(Role.POOL);
    assertThat(roles.of(router)).containsExactly(Role.ROUTER);
    assertThat(roles.of(oracle)).containsExactly(Role.ORACLE);
    assertThat(roles.of(VAULT)).containsExactly(Role.PROXY);
    assertThat(roles.of(code)).containsExactly(Role.IMPLEMENTATION);
    assertThat(roles.of(account(0x65))).isEmpty();
    assertThat(roles.implementations().get(VAULT)).containsExactly(code);
    assertThat(roles.of(wrapped)).containsExactly(Role.TOKEN, Role.WRAPPER);
    assertThat(roles.with(Role.POOL)).containsExactly(PAIR);
  }

  @Test
  void tellsAPoolOfAnUnknownKindByWhatItDoes() {
    Samples.Call root = attack();
    Samples.Call trade = root.call(POOL, "zap(uint256)", 10);
    trade.transferFrom(USD, ROBBER, POOL, 10);
    trade.transfer(COIN, ROBBER, 9);
    Samples.Call deposit = root.call(VAULT, "put(uint256)", 10);
    deposit.transferFrom(USD, ROBBER, VAULT, 10);

    Roles roles = roles(root);

    assertThat(roles.with(Role.POOL)).containsExactly(POOL);
    assertThat(roles.of(VAULT)).isEmpty();
  }

  @Test
  void boundsTheLoansThatItTells() {
    Samples.Call root = attack();
    for (int i = 0; i < FlashLoans.MAX_LOANS + 10; i++) {
      Samples.Call lend = root.call(LENDER, "lend(uint256)", 1);
      lend.transfer(USD, ROBBER, 1);
      lend.call(ROBBER, "back(uint256)", 1).transfer(USD, LENDER, 1);
    }
    List<FlashLoan> loans = roles(root).loans();
    assertThat(loans).hasSize(FlashLoans.MAX_LOANS);
  }
}
