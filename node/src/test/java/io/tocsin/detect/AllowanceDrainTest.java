package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.ROBBER;
import static io.tocsin.detect.Samples.SENDER;
import static io.tocsin.detect.Samples.USD;
import static io.tocsin.detect.Samples.VAULT;
import static io.tocsin.detect.Samples.account;
import static io.tocsin.detect.Samples.input;
import static io.tocsin.detect.Samples.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.rules.AllowanceDrain;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AllowanceDrainTest {
  private static final Address OWNER = account(0x77);
  private static final Address AGGREGATOR = account(0x78);
  private static final Bytes DATA =
      input("transferFrom(address,address,uint256)", OWNER, ROBBER, 900);

  private static List<Finding> findings(TxTrace trace, History history) {
    TraceFacts facts = new TraceFacts(trace, StateReads.NONE, history, DetectConfig.DEFAULT);
    return new AllowanceDrain().scan(facts) instanceof Scan.Found(List<Finding> found)
        ? found
        : List.of();
  }

  /** Who was drained, the same with and without events and gas. */
  private static List<Address> victims(Samples.Call root, History history) {
    TxTrace trace = Samples.trace(root);
    List<Address> with = findings(trace, history).stream().map(Finding::subject).toList();
    assertThat(findings(Samples.bare(trace, root.json), history))
        .extracting(Finding::subject)
        .containsExactlyElementsOf(with);
    return with;
  }

  private static List<Address> victims(Samples.Call root) {
    return victims(root, History.NONE);
  }

  /** A call of the aggregator by the sender's contract. */
  private static Samples.Call last(Samples.Call root, Bytes input) {
    Samples.Call call = new Samples.Call("CALL", ROBBER, AGGREGATOR, 0, input);
    root.json.withArray("calls").add(call.json);
    return call;
  }

  private static Samples.Call drained() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    last(root, input("swap(address,bytes)", USD, 64, DATA.size()).concat(DATA))
        .transferFrom(USD, OWNER, ROBBER, 900);
    return root;
  }

  @Test
  void findsTheOwnerWhoseTokensADictatedCallTook() {
    Samples.Call root = drained();
    root.call(COIN, "mint(address,uint256)", ROBBER, 3).moved(COIN, Address.ZERO, ROBBER, 3);
    assertThat(victims(root)).containsExactly(OWNER);
    Finding finding = findings(Samples.trace(root), History.NONE).getFirst();
    assertThat(finding.why().frames()).contains(1, 2);
    assertThat(finding.losses()).hasSize(1);
  }

  @Test
  void aCallThatTheContractMadeUpItselfIsNoFinding() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    last(root, input("collect(address,uint256)", OWNER, 900)).transferFrom(USD, OWNER, ROBBER, 900);
    assertThat(victims(root)).isEmpty();
  }

  @Test
  void theSendersOwnTokensAreHisToMove() {
    Bytes own = input("transferFrom(address,address,uint256)", SENDER, ROBBER, 900);
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    last(root, input("swap(address,bytes)", USD, 64, own.size()).concat(own))
        .transferFrom(USD, SENDER, ROBBER, 900);
    assertThat(victims(root)).isEmpty();
  }

  @Test
  void anOwnerWhoSignedAndHasARelayerSendItIsNoFinding() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call relayed =
        last(root, input("swap(address,bytes)", USD, 64, DATA.size()).concat(DATA));
    Samples.Call check =
        relayed.view(Address.hex("0x0000000000000000000000000000000000000001"), "");
    check.json.put("input", words(5, 27, 6, 7).toHex());
    check.returns(OWNER);
    relayed.transferFrom(USD, OWNER, ROBBER, 900);
    assertThat(victims(root)).isEmpty();
    check.returns(COIN);
    assertThat(victims(root)).containsExactly(OWNER);
  }

  @Test
  void anOwnerWhoIsPaidOrAskedIsNoFinding() {
    Samples.Call paid = drained();
    paid.transfer(COIN, OWNER, 5);
    assertThat(victims(paid)).isEmpty();
    Samples.Call asked = drained();
    asked.view(OWNER, "isValidSignature(bytes32,bytes)", 1, 64, 0);
    assertThat(victims(asked)).isEmpty();
  }

  private static Samples.Call throughHisOwn(Address to) {
    Bytes data = input("transferFrom(address,address,uint256)", OWNER, to, 900);
    Samples.Call root =
        new Samples.Call(
            "CALL",
            SENDER,
            VAULT,
            0,
            input("execute(address,bytes)", USD, 64, data.size()).concat(data));
    root.transferFrom(USD, OWNER, to, 900);
    return root;
  }

  @Test
  void aWalletThatCollectsForItselfOrIsTheSendersOwnIsNoFinding() {
    assertThat(victims(throughHisOwn(SENDER))).containsExactly(OWNER);
    assertThat(victims(throughHisOwn(VAULT))).isEmpty();
    assertThat(victims(throughHisOwn(SENDER), new History(Map.of(VAULT, SENDER)))).isEmpty();
  }

  @Test
  void tokensThatGoToStrangersAreNoGain() {
    Address stranger = account(0x79);
    Bytes data = input("transferFrom(address,address,uint256)", OWNER, stranger, 900);
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    last(root, input("swap(address,bytes)", USD, 64, data.size()).concat(data))
        .transferFrom(USD, OWNER, stranger, 900);
    root.call(COIN, "claim()").transfer(COIN, ROBBER, 1);
    assertThat(victims(root)).isEmpty();
  }

  private static Samples.Call approved(Samples.Call root, Samples.Call by) {
    by.call(USD, "approve(address,uint256)", ROBBER, 900).returns(1);
    root.transferFrom(USD, VAULT, ROBBER, 900);
    return root;
  }

  @Test
  void findsAContractThatWasMadeToApproveTheSendersSide() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    approved(root, root.call(VAULT, "approveToken(address,address,uint256)", USD, ROBBER, 900));
    assertThat(victims(root)).containsExactly(VAULT);
  }

  @Test
  void aVaultThatApprovesItsStrategyIsNoFinding() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "harvest()");
    approved(root, root.call(VAULT, "requestFunds(uint256)", 900));
    assertThat(victims(root)).isEmpty();
  }

  @Test
  void whoGivesSomethingForWhatWasApprovedIsNoFinding() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.transfer(COIN, account(0x79), 900);
    root.call(account(0x79), "thanks()");
    approved(root, root.call(VAULT, "fill(address,address,uint256)", USD, ROBBER, 900));
    assertThat(victims(root)).isEmpty();
  }
}
