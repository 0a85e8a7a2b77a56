package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
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
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ActivitiesTest {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);
  private static final Address BOT = ROBBER;
  private static final Address USER = account(0x70);
  private static final Address GEM = account(0x71);
  private static final String SWAP = "swap(uint256,uint256,address,bytes)";
  private static final String HASH =
      BigInteger.TWO.pow(255).subtract(BigInteger.TEN.pow(30)).toString();

  /** What a trace resembles, which is the same where the source records no events. */
  private static List<Activity.Kind> kinds(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    List<Activity> full = activities(trace);
    assertThat(activities(Samples.bare(trace, root.json))).isEqualTo(full);
    return full.stream().map(Activity::kind).toList();
  }

  private static List<Activity> activities(TxTrace trace) {
    TraceFacts facts = DETECTORS.facts(trace, StateReads.NONE, History.NONE).orElseThrow();
    ScanReport report = DETECTORS.scan(trace, StateReads.NONE, History.NONE);
    return Activities.of(facts, Roles.of(facts, report));
  }

  private static void swap(Samples.Call by, Address pool, Address sold, long in, long out) {
    by.transfer(sold, pool, in);
    Address bought = sold.equals(USD) ? COIN : USD;
    by.call(pool, SWAP, 0, out, BOT, 128, 0).transfer(bought, BOT, out);
  }

  @Test
  void namesAnArbitrageRoundTwoPools() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    swap(root, PAIR, USD, 1_000, 500);
    swap(root, OTHER_PAIR, COIN, 500, 1_100);
    assertThat(kinds(root)).containsExactly(Activity.Kind.ARBITRAGE);
  }

  @Test
  void namesNoArbitrageWhereAPoolIsTradedBackAndForth() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    swap(root, PAIR, USD, 1_000, 500);
    swap(root, OTHER_PAIR, COIN, 400, 1_100);
    swap(root, PAIR, COIN, 100, 300);
    assertThat(kinds(root)).doesNotContain(Activity.Kind.ARBITRAGE);
  }

  @Test
  void namesNoArbitrageWhereSomebodyJustLost() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    swap(root, PAIR, USD, 1_000, 500);
    swap(root, OTHER_PAIR, COIN, 500, 1_100);
    root.call(VAULT, "sweep()").transfer(USD, BOT, 5_000);
    assertThat(kinds(root)).isEmpty();
  }

  @Test
  void namesALiquidationByItsInterface() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call call =
        root.call(
            POOL, "liquidationCall(address,address,address,uint256,bool)", COIN, USD, USER, 50, 0);
    call.transferFrom(USD, BOT, RECEIPT, 50);
    call.call(RECEIPT, "transferUnderlyingTo(address,uint256)").transfer(COIN, BOT, 60);
    assertThat(kinds(root)).contains(Activity.Kind.LIQUIDATION);
  }

  @Test
  void namesALiquidationByWhatItDoes() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call call = root.call(LENDER, "takeOver(address,uint256)", USER, 50);
    call.transferFrom(USD, BOT, LENDER, 50);
    call.call(GEM, "burn(address,uint256)", USER, 50).returns(1).moved(GEM, USER, Address.ZERO, 50);
    call.transfer(COIN, BOT, 60);
    assertThat(kinds(root)).contains(Activity.Kind.LIQUIDATION);
  }

  @Test
  void namesNoLiquidationWhereTheOwnClaimIsBurnt() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    Samples.Call call = root.call(LENDER, "redeem(address,uint256)", BOT, 50);
    call.transferFrom(USD, BOT, LENDER, 1);
    call.call(GEM, "burn(address,uint256)", BOT, 50).returns(1).moved(GEM, BOT, Address.ZERO, 50);
    call.transfer(COIN, BOT, 60);
    assertThat(kinds(root)).doesNotContain(Activity.Kind.LIQUIDATION);
  }

  @Test
  void namesASingleTradeOfAnOwnContractALegOfASandwich() {
    Samples.Call root = Samples.tx(SENDER, BOT, "run()");
    swap(root, PAIR, USD, 1_000, 500);
    assertThat(kinds(root)).containsExactly(Activity.Kind.SANDWICH_LEG);
  }

  @Test
  void namesARouteOverPoolsByAContractThatKeepsNothing() {
    Address router = account(0x72);
    Samples.Call root = Samples.tx(SENDER, router, "swapMany(uint256)", 100);
    root.transferFrom(USD, SENDER, router, 100);
    root.transfer(USD, PAIR, 60);
    root.call(PAIR, SWAP, 0, 55, SENDER, 128, 0).transfer(COIN, SENDER, 55);
    root.transfer(USD, OTHER_PAIR, 40);
    root.call(OTHER_PAIR, SWAP, 0, 38, SENDER, 128, 0).transfer(COIN, SENDER, 38);
    assertThat(kinds(root)).containsExactly(Activity.Kind.AGGREGATOR_ROUTE);
  }

  @Test
  void namesAMigrationOfAClaimWithWhatBacksIt() {
    Samples.Call root = Samples.tx(SENDER, POOL, "migrate(uint256)", 10);
    root.call(VAULT, "leave(address)", SENDER).transfer(USD, LENDER, 100);
    root.call(RECEIPT, "burn(address,uint256)", SENDER, 10)
        .returns(1)
        .moved(RECEIPT, SENDER, Address.ZERO, 10);
    root.call(LENDER, "enter(address)", SENDER);
    root.call(GEM, "mint(address,uint256)", SENDER, 12)
        .returns(1)
        .moved(GEM, Address.ZERO, SENDER, 12);
    assertThat(kinds(root)).containsExactly(Activity.Kind.MIGRATION);
  }

  @Test
  void namesNoMigrationWhereWhatBackedTheClaimWentToTheHolder() {
    Samples.Call root = Samples.tx(SENDER, POOL, "leave(uint256)", 10);
    root.call(VAULT, "leave(address)", SENDER).transfer(USD, SENDER, 100);
    root.call(RECEIPT, "burn(address,uint256)", SENDER, 10)
        .returns(1)
        .moved(RECEIPT, SENDER, Address.ZERO, 10);
    root.call(GEM, "mint(address,uint256)", SENDER, 12)
        .returns(1)
        .moved(GEM, Address.ZERO, SENDER, 12);
    assertThat(kinds(root)).isEmpty();
  }

  @Test
  void namesARebalancingOfWhatAVaultHolds() {
    Samples.Call root = Samples.tx(SENDER, VAULT, "harvest()");
    root.call(LENDER, "pull(uint256)", 100).transfer(USD, VAULT, 100);
    Samples.Call put = root.call(POOL, "put(uint256)", 100);
    put.transferFrom(USD, VAULT, POOL, 100);
    assertThat(kinds(root)).containsExactly(Activity.Kind.REBALANCING);
  }

  @Test
  void namesABridgeReleaseByItsSignatures() {
    Samples.Call root =
        Samples.tx(SENDER, VAULT, "release(address,uint256,bytes)", USER, 77, 96, 130, HASH, HASH);
    root.json.put("input", root.json.get("input").asString() + "ab".repeat(96));
    root.transfer(USD, USER, 77);
    assertThat(kinds(root)).contains(Activity.Kind.BRIDGE_RELEASE);
  }

  @Test
  void namesAnAirdropClaimByItsListOfHashes() {
    Samples.Call root =
        Samples.tx(
            SENDER,
            VAULT,
            "claim(uint256,address,uint256,bytes32[])",
            5,
            USER,
            77,
            128,
            2,
            HASH,
            HASH);
    root.transfer(USD, USER, 77);
    assertThat(kinds(root)).contains(Activity.Kind.AIRDROP_CLAIM);
  }

  @Test
  void namesNothingWhereThePaymentIsNotWhatTheCallDataSay() {
    Samples.Call root =
        Samples.tx(
            SENDER,
            VAULT,
            "claim(uint256,address,uint256,bytes32[])",
            5,
            USER,
            78,
            128,
            2,
            HASH,
            HASH);
    root.transfer(USD, USER, 77);
    assertThat(kinds(root)).isEmpty();
    assertThat(kinds(Samples.tx(SENDER, USER, "").send(USER, 1))).isEmpty();
  }
}
