package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.LENDER;
import static io.tocsin.detect.Samples.PAIR;
import static io.tocsin.detect.Samples.ROBBER;
import static io.tocsin.detect.Samples.SENDER;
import static io.tocsin.detect.Samples.USD;
import static io.tocsin.detect.Samples.VAULT;
import static io.tocsin.detect.Samples.account;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What speaks for a finding, one by one. */
final class SignTest {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);

  private static Set<Sign> signs(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    Set<Sign> with = DETECTORS.scan(trace, StateReads.NONE, History.NONE).signs();
    TxTrace bare = Samples.bare(trace, root.json);
    assertThat(DETECTORS.scan(bare, StateReads.NONE, History.NONE).signs())
        .as("without events")
        .isEqualTo(with);
    return with;
  }

  private static Samples.Call run() {
    return Samples.tx(SENDER, ROBBER, "run()");
  }

  private static Samples.Call drain(Samples.Call root, int vault, long held, long lost) {
    Samples.Call drain = root.call(account(vault), "drain()");
    drain.balance(COIN, account(vault), held);
    drain.transfer(COIN, ROBBER, lost);
    return drain;
  }

  @Test
  void withoutAFindingNothingSpeaks() {
    Samples.Call root = run();
    root.create(account(0x90));
    assertThat(signs(root)).isEmpty();
  }

  @Test
  void aLossAloneIsNoSignUnlessHalfIsGone() {
    Samples.Call some = run();
    drain(some, 0x31, 1_000, 200);
    assertThat(signs(some)).isEmpty();
    Samples.Call most = run();
    drain(most, 0x31, 1_000, 600);
    assertThat(signs(most)).containsExactly(Sign.MOST);
  }

  @Test
  void threeVictimsAreSeveral() {
    Samples.Call root = run();
    drain(root, 0x31, 1_000, 200);
    drain(root, 0x32, 1_000, 200);
    assertThat(signs(root)).isEmpty();
    drain(root, 0x33, 1_000, 200);
    assertThat(signs(root)).containsExactly(Sign.VICTIMS);
  }

  @Test
  void aContractMadeAndAPriceMovedSpeakToo() {
    Samples.Call root = run();
    root.create(account(0x90));
    root.reserves(PAIR, 1_000, 1_000);
    drain(root, 0x31, 1_000, 200);
    root.reserves(PAIR, 2_000, 500);
    assertThat(signs(root)).containsExactlyInAnyOrder(Sign.CONTRACT, Sign.PRICE);
  }

  @Test
  void fundsLentSpeakOnceAndForcesTheVictimShowsAnotherTime() {
    Samples.Call root = run();
    Samples.Call loan = root.call(LENDER, "flashLoan(uint256)", 1_000);
    loan.transfer(USD, ROBBER, 1_000);
    Samples.Call work = loan.call(ROBBER, "onLoan(uint256)", 1_000);
    drain(work, 0x31, 1_000, 200);
    work.transfer(USD, LENDER, 1_000);
    assertThat(signs(root)).containsExactly(Sign.LOAN);

    Samples.Call forced = run();
    Samples.Call own = forced.call(VAULT, "upgradeTo(address)", account(0x90));
    assertThat(own).isNotNull();
    forced.create(account(0x90));
    Samples.Call drain = drain(forced, 0x31, 1_000, 200);
    drain.lend(account(0x90), "take()");
    assertThat(signs(forced)).contains(Sign.FORCED);
  }

  /** A vault asks the robber's contract for what only a token of its own would tell. */
  private static Samples.Call asked(String question) {
    Samples.Call root = run();
    Samples.Call drain = drain(root, 0x31, 1_000, 200);
    drain.call(ROBBER, question, SENDER, SENDER, 1, 128, 0).returns(1);
    return root;
  }

  @Test
  void aContractOfTheSendersThatAnswersAsAnotherPoses() {
    assertThat(signs(asked("burnFrom(address,uint256)"))).contains(Sign.POSED);
  }

  @Test
  void hooksThatWalletsHaveDoNot() {
    assertThat(signs(asked("onERC721Received(address,address,uint256,bytes)")))
        .doesNotContain(Sign.POSED);
  }
}
