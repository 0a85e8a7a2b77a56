package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.OTHER_PAIR;
import static io.tocsin.detect.Samples.PAIR;
import static io.tocsin.detect.Samples.ROBBER;
import static io.tocsin.detect.Samples.SENDER;
import static io.tocsin.detect.Samples.USD;
import static io.tocsin.detect.Samples.account;
import static io.tocsin.detect.Samples.input;
import static io.tocsin.detect.Samples.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.rules.LiquidityRemoval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The pool holds 1,000 dollars and 1,000 of 10,000 coins. */
final class LiquidityRemovalTest {
  private static final Address OWNER = account(0x77);

  private final Map<StateQuery, Bytes> state = new LinkedHashMap<>();

  private Scan scan(TxTrace trace, History history) {
    StateReads reads = StateReads.of(state);
    return new LiquidityRemoval().scan(new TraceFacts(trace, reads, history, DetectConfig.DEFAULT));
  }

  /** The answer, the same with and without events and gas. */
  private Scan scan(Samples.Call root, History history) {
    TxTrace trace = Samples.trace(root);
    Scan scan = scan(trace, history);
    assertThat(scan(Samples.bare(trace, root.json), history).getClass()).isEqualTo(scan.getClass());
    return scan;
  }

  private Scan scan(Samples.Call root) {
    return scan(root, History.NONE);
  }

  private static Samples.Call removal(long dollars) {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "exit()");
    Samples.Call burn = root.call(PAIR, "burn(address)", ROBBER);
    burn.balance(USD, PAIR, 1_000);
    burn.balance(COIN, PAIR, 1_000);
    burn.transfer(USD, ROBBER, dollars);
    burn.transfer(COIN, ROBBER, dollars);
    return root;
  }

  /** The owner of the coin, and how many of them the sender's contract holds beside the pool's. */
  private void coin(Address owner, long inside) {
    state.put(new StateQuery.Call(COIN, input("owner()")), words(owner));
    state.put(new StateQuery.Call(COIN, input("totalSupply()")), words(10_000));
    for (Address holder :
        List.of(
            PAIR,
            SENDER,
            ROBBER,
            Address.ZERO,
            Address.hex("0x000000000000000000000000000000000000dead"))) {
      long held = holder.equals(PAIR) ? 1_000 : holder.equals(ROBBER) ? inside : 0;
      state.put(new StateQuery.Call(COIN, input("balanceOf(address)", holder)), words(held));
    }
  }

  @Test
  void findsAPoolThatTheOwnerOfItsTokenEmptied() {
    coin(SENDER, 2_000);
    Scan scan = scan(removal(950));
    assertThat(scan).isInstanceOf(Scan.Found.class);
    Finding finding = ((Scan.Found) scan).findings().getFirst();
    assertThat(finding.subject()).isEqualTo(PAIR);
    assertThat(finding.losses()).extracting(Loss::asset).containsExactly(new Asset.Token(USD));
    assertThat(finding.why().summary()).contains(COIN.toString());
  }

  @Test
  void findsWhoMadeTheTokenThoughItHasNoOwner() {
    coin(Address.ZERO, 2_000);
    assertThat(scan(removal(950))).isEqualTo(new Scan.Clean());
    assertThat(scan(removal(950), new History(Map.of(COIN, SENDER))))
        .isInstanceOf(Scan.Found.class);
  }

  @Test
  void aProviderWhoDoesNotOwnTheTokenIsNoFinding() {
    coin(OWNER, 2_000);
    assertThat(scan(removal(950))).isEqualTo(new Scan.Clean());
  }

  @Test
  void anOwnerWhoClosesAPoolThatNobodyElseUsesIsNoFinding() {
    coin(SENDER, 8_500);
    assertThat(scan(removal(950))).isEqualTo(new Scan.Clean());
  }

  @Test
  void anOwnerWhoLeavesATenthIsNoFinding() {
    coin(SENDER, 2_000);
    assertThat(scan(removal(890))).isEqualTo(new Scan.Clean());
  }

  @Test
  void liquidityThatGoesToAnotherPoolIsNoFinding() {
    coin(SENDER, 2_000);
    Samples.Call root = removal(950);
    root.transfer(USD, OTHER_PAIR, 950);
    root.transfer(COIN, OTHER_PAIR, 950);
    root.call(OTHER_PAIR, "mint(address)", ROBBER).moved(OTHER_PAIR, Address.ZERO, ROBBER, 950);
    assertThat(scan(root)).isEqualTo(new Scan.Clean());
  }

  @Test
  void asksWhoOwnsTheTokenAndWhoHoldsIt() {
    assertThat(new Detectors(DetectConfig.DEFAULT).queries(Samples.trace(removal(950))))
        .contains(new StateQuery.Call(COIN, input("owner()")))
        .contains(new StateQuery.Call(COIN, input("totalSupply()")))
        .contains(new StateQuery.Call(COIN, input("balanceOf(address)", SENDER)));
  }

  @Test
  void isNotJudgedWhereTheHoldersAreNotKnown() {
    state.put(new StateQuery.Call(COIN, input("owner()")), words(SENDER));
    assertThat(scan(removal(950))).isInstanceOf(Scan.NotAnalysed.class);
  }
}
