package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.LENDER;
import static io.tocsin.detect.Samples.ROBBER;
import static io.tocsin.detect.Samples.SENDER;
import static io.tocsin.detect.Samples.USD;
import static io.tocsin.detect.Samples.VAULT;
import static io.tocsin.detect.Samples.account;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.rules.Governance;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vault is a treasury of 1,000 dollars that a house of voters rules over. */
final class GovernanceTest {
  private static final Address HOUSE = account(0x60);

  private static Scan scan(TxTrace trace) {
    return new Governance()
        .scan(new TraceFacts(trace, StateReads.NONE, History.NONE, DetectConfig.DEFAULT));
  }

  /** The answer, the same with and without events and gas. */
  private static Scan scan(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    Scan scan = scan(trace);
    Scan bare = scan(Samples.bare(trace, root.json));
    assertThat(bare.getClass()).isEqualTo(scan.getClass());
    return scan;
  }

  private static Finding found(Samples.Call root) {
    assertThat(scan(root)).isInstanceOf(Scan.Found.class);
    List<Finding> findings = ((Scan.Found) scan(root)).findings();
    assertThat(findings).hasSize(1);
    return findings.getFirst();
  }

  private static void borrowed(Samples.Call root, boolean vote, long paid) {
    Samples.Call flash =
        root.call(LENDER, "flashLoan(address,address,uint256,bytes)", ROBBER, COIN, 5_000, 128, 0);
    flash.transfer(COIN, ROBBER, 5_000);
    Samples.Call back =
        flash.call(ROBBER, "onFlashLoan(address,address,uint256,uint256,bytes)", ROBBER, COIN);
    if (vote) {
      back.call(HOUSE, "vote(uint256)", 7);
      executed(back, paid);
    }
    back.transfer(COIN, LENDER, 5_000);
  }

  private static Samples.Call executed(Samples.Call by, long paid) {
    Samples.Call execution = by.call(HOUSE, "execute(uint256)", 7);
    if (paid > 0) {
      Samples.Call order = execution.call(VAULT, "pay(address,uint256)", ROBBER, paid);
      order.balance(USD, VAULT, 1_000);
      order.transfer(USD, ROBBER, paid);
    }
    return execution;
  }

  @Test
  void findsATreasuryThatBorrowedVotesMadePay() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    borrowed(root, true, 300);
    Finding finding = found(root);
    assertThat(finding.subject()).isEqualTo(VAULT);
    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.why().frames()).contains(4, 5);
  }

  @Test
  void findsBorrowedVotesThoughTheProposalPaysNobodyKnown() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    borrowed(root, true, 0);
    assertThat(found(root).subject()).isEqualTo(HOUSE);
    assertThat(found(root).severity()).isEqualTo(Severity.HIGH);
  }

  @Test
  void findsVotesThatWereDelegatedInTheTransaction() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(account(0x61), "lend()").call(COIN, "delegate(address)", ROBBER);
    root.call(HOUSE, "castVote(uint256,uint8)", 7, 1);
    executed(root, 0);
    assertThat(found(root).subject()).isEqualTo(HOUSE);
  }

  @Test
  void whoCastsHisOwnVoteAndExecutesIsNoFinding() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(HOUSE, "vote(uint256)", 7);
    executed(root, 300);
    assertThat(scan(root)).isEqualTo(new Scan.Clean());
    Samples.Call after = Samples.tx(SENDER, ROBBER, "run()");
    borrowed(after, false, 0);
    after.call(HOUSE, "vote(uint256)", 7);
    executed(after, 0);
    assertThat(scan(after)).isEqualTo(new Scan.Clean());
  }

  @Test
  void findsAProposalThatPaysMostOfATreasuryToWhoExecutesIt() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    executed(root, 900);
    assertThat(found(root).subject()).isEqualTo(VAULT);
  }

  @Test
  void aGrantThatItsReceiverExecutesIsNoFinding() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    executed(root, 90);
    assertThat(scan(root)).isEqualTo(new Scan.Clean());
  }

  @Test
  void aGrantOfUnknownShareIsNotJudged() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(HOUSE, "execute(uint256)", 7)
        .call(VAULT, "pay(address,uint256)", ROBBER, 90)
        .transfer(USD, ROBBER, 90);
    assertThat(scan(root)).isInstanceOf(Scan.NotAnalysed.class);
  }

  @Test
  void findsAProposalThatPutsWhoExecutesItInPower() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    executed(root, 0).call(COIN, "addMinter(address)", SENDER);
    assertThat(found(root).subject()).isEqualTo(COIN);
    Samples.Call code = Samples.tx(SENDER, ROBBER, "run()");
    code.create(account(0x62));
    executed(code, 0).lend(account(0x62), "init()");
    assertThat(found(code).subject()).isEqualTo(HOUSE);
  }

  @Test
  void aProposalThatAppointsSomebodyElseOrTheHouseIsNoFinding() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    executed(root, 0).call(COIN, "addMinter(address)", account(0x63));
    assertThat(scan(root)).isEqualTo(new Scan.Clean());
    Samples.Call plain = Samples.tx(SENDER, HOUSE, "execute(uint256)", 7);
    plain.call(COIN, "transferOwnership(address)", HOUSE);
    assertThat(scan(plain)).isEqualTo(new Scan.Clean());
  }
}
