package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.DEBT;
import static io.tocsin.detect.Samples.LENDER;
import static io.tocsin.detect.Samples.POOL;
import static io.tocsin.detect.Samples.ROBBER;
import static io.tocsin.detect.Samples.SENDER;
import static io.tocsin.detect.Samples.USD;
import static io.tocsin.detect.Samples.VAULT;
import static io.tocsin.detect.Samples.account;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is taken by an allowance, and what shares of lending markets are worth. */
final class AllowancesTest {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);
  private static final Address OWNER = account(0x77);
  private static final Address MARKET = account(0x78);

  /** Victims, the same with and without events and gas. */
  private static List<Address> victims(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    List<Address> with = subjects(trace);
    assertThat(subjects(Samples.bare(trace, root.json))).isEqualTo(with);
    return with;
  }

  private static List<Address> subjects(TxTrace trace) {
    return DETECTORS.scan(trace, StateReads.NONE, History.NONE).findings().stream()
        .map(Finding::subject)
        .toList();
  }

  private static Samples.Call drainThroughARouter() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "attack()");
    root.call(VAULT, "swapFor(address,address,uint256)", OWNER, ROBBER, 900)
        .transferFrom(USD, OWNER, ROBBER, 900);
    return root;
  }

  @Test
  void findsAnOwnerWhoTookNoPartAndWasDrainedThroughARouterThatHeHadAllowed() {
    assertThat(victims(drainThroughARouter())).containsExactly(OWNER);
  }

  @Test
  void anOwnerWhoCalledOrWasCalledTookPart() {
    Samples.Call root = drainThroughARouter();
    root.view(OWNER, "isValidSignature(bytes32,bytes)", 1, 64, 0);

    assertThat(victims(root)).isEmpty();
  }

  @Test
  void whoGetsAnItemForHisMoneyIsABidder() {
    for (String delivery :
        List.of(
            "safeTransferFrom(address,address,uint256,uint256,bytes)",
            "safeTransferFrom(address,address,uint256)")) {
      Samples.Call root = drainThroughARouter();
      root.call(COIN, delivery, ROBBER, OWNER, 7, 1, 160, 0);

      assertThat(victims(root)).isEmpty();
    }
  }

  private static Samples.Call calling(Bytes data) {
    Samples.Call root = new Samples.Call("CALL", SENDER, VAULT, 0, data);
    root.transferFrom(USD, OWNER, SENDER, 900);
    return root;
  }

  @Test
  void findsTheOwnerWhereTheSenderWroteOutTheCallThatTookIt() {
    Bytes taking = Samples.input("transferFrom(address,address,uint256)", OWNER, SENDER, 900);
    Bytes head = Samples.input("execute(address,bytes)", USD, 64, 100);

    assertThat(victims(calling(head.concat(taking)))).containsExactly(OWNER);
    assertThat(victims(calling(Samples.input("collect(address)", OWNER)))).isEmpty();
  }

  @Test
  void callDataTooShortForWhatItsSelectorSaysIsNoCallOfIt() {
    Samples.Call root = Samples.tx(SENDER, VAULT, "execute(address,bytes)", USD, 64);
    Samples.Call odd = root.call(USD, "transferFrom(address,address,uint256)");
    odd.moved(USD, OWNER, SENDER, 900);

    assertThat(subjects(Samples.trace(root))).isEmpty();
  }

  private static Samples.Call donation(long rateAtTheBorrow) {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "attack()");
    root.call(POOL, "lend(uint256)", 5_000).transfer(USD, ROBBER, 5_000);
    root.call(LENDER, "mint(uint256)", 2).returns(0);
    root.transfer(USD, LENDER, 5_000);
    Samples.Call borrow = root.call(MARKET, "borrow(uint256)", 900);
    borrow.view(LENDER, "getAccountSnapshot(address)", ROBBER).returns(0, 2, 0, rateAtTheBorrow);
    borrow.call(DEBT, "mint(address,uint256)", ROBBER, 900).moved(DEBT, Address.ZERO, ROBBER, 900);
    borrow.transfer(COIN, ROBBER, 900);
    Samples.Call back = root.call(LENDER, "redeemUnderlying(uint256)", 5_000);
    back.view(LENDER, "getAccountSnapshot(address)", ROBBER).returns(0, 1, 0, 2_000);
    back.transfer(USD, ROBBER, 5_000);
    root.transfer(USD, POOL, 5_000);
    return root;
  }

  @Test
  void findsAMarketThatLentOnSharesWhosePriceWasRaisedByAGift() {
    assertThat(victims(donation(1_000_000))).containsExactly(MARKET);
  }

  @Test
  void aLoanOnSharesAtTheirUsualPriceIsALoan() {
    assertThat(victims(donation(2_000))).isEmpty();
  }
}
