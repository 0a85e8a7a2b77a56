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
import io.tocsin.base.Hash32;
import io.tocsin.chain.ProxyCode;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.rules.PrivilegedCall;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PrivilegedCallTest {
  private static final Address OWNER = account(0x77);
  private static final Address CODE = account(0x78);

  private static Scan scan(TxTrace trace, StateReads reads, History history) {
    return new PrivilegedCall().scan(new TraceFacts(trace, reads, history, DetectConfig.DEFAULT));
  }

  /** The answer, the same with and without events and gas. */
  private static Scan scan(Samples.Call root, StateReads reads, History history) {
    TxTrace trace = Samples.trace(root);
    Scan scan = scan(trace, reads, history);
    Scan bare = scan(Samples.bare(trace, root.json), reads, history);
    assertThat(bare.getClass()).isEqualTo(scan.getClass());
    return scan;
  }

  private static Scan scan(Samples.Call root) {
    return scan(root, StateReads.NONE, History.NONE);
  }

  private static Finding found(Scan scan) {
    assertThat(scan).isInstanceOf(Scan.Found.class);
    Finding only = ((Scan.Found) scan).findings().getFirst();
    assertThat(only.subject()).isEqualTo(VAULT);
    return only;
  }

  /** The state before: nobody in the slot of a proxy's admin, and these answers and words. */
  private static StateReads state(Map<StateQuery, Bytes> more) {
    Map<StateQuery, Bytes> all = new LinkedHashMap<>(more);
    all.putIfAbsent(new StateQuery.Storage(VAULT, ProxyCode.SLOT_ADMIN), Hash32.ZERO.bytes());
    return StateReads.of(all);
  }

  private static StateReads ownedBy(Address owner) {
    return state(Map.of(new StateQuery.Call(VAULT, input("owner()")), words(owner)));
  }

  private static Samples.Call handover() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(VAULT, "transferOwnership(address)", ROBBER);
    return root;
  }

  private static Samples.Call handoverAndUse() {
    Samples.Call root = handover();
    root.call(VAULT, "sweep(address)", USD).transfer(USD, ROBBER, 900);
    return root;
  }

  @Test
  void findsPowerThatIsTakenAndUsedForAGain() {
    Finding finding = found(scan(handoverAndUse()));
    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.losses()).extracting(Loss::amount).containsExactly(big(900));
    assertThat(finding.why().frames()).contains(1, 2);
    assertThat(finding.why().assumptions()).hasSize(1);
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  @Test
  void findsPowerTakenFromAnOwnerWhoTookNoPart() {
    Finding finding = found(scan(handover(), ownedBy(OWNER), History.NONE));
    assertThat(finding.severity()).isEqualTo(Severity.HIGH);
    assertThat(finding.why().assumptions().getFirst()).contains(OWNER.toString());
  }

  @Test
  void asksTheStateForWhoWasInPower() {
    assertThat(new Detectors(DetectConfig.DEFAULT).queries(Samples.trace(handover())))
        .contains(new StateQuery.Call(VAULT, input("owner()")))
        .contains(new StateQuery.Storage(VAULT, ProxyCode.SLOT_ADMIN));
  }

  @Test
  void asksForBalancesFirstSoThatNobodyCrowdsThemOut() {
    Samples.Call root = handoverAndUse();
    for (int at = 0; at < 20; at++) {
      root.call(account(0xa0 + at), "transferOwnership(address)", ROBBER);
    }
    assertThat(new Detectors(DetectConfig.DEFAULT).queries(Samples.trace(root)))
        .startsWith(new StateQuery.Call(USD, input("balanceOf(address)", VAULT)))
        .hasSizeLessThan(DetectConfig.DEFAULT.maxQueries() / 2);
  }

  @Test
  void doesNotJudgePowerOfUnknownOriginThatIsNotUsed() {
    assertThat(scan(handover())).isInstanceOf(Scan.NotAnalysed.class);
    assertThat(scan(handover(), state(Map.of()), History.NONE)).isEqualTo(new Scan.Clean());
  }

  @Test
  void anOwnerWhoHandsOverHisOwnContractIsNoFinding() {
    assertThat(scan(handoverAndUse(), ownedBy(ROBBER), History.NONE)).isEqualTo(new Scan.Clean());
    Samples.Call direct = Samples.tx(SENDER, VAULT, "transferOwnership(address)", SENDER);
    assertThat(scan(direct, ownedBy(SENDER), History.NONE)).isEqualTo(new Scan.Clean());
    assertThat(scan(direct, ownedBy(OWNER), History.NONE)).isInstanceOf(Scan.Found.class);
  }

  @Test
  void anOwnerWhomTheTraceShowsIsKnownWithoutState() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.view(VAULT, "owner()").returns(OWNER);
    root.call(VAULT, "transferOwnership(address)", ROBBER);
    found(scan(root));
    Samples.Call own = Samples.tx(SENDER, ROBBER, "run()");
    own.view(VAULT, "owner()").returns(SENDER);
    own.call(VAULT, "transferOwnership(address)", ROBBER);
    assertThat(scan(own)).isEqualTo(new Scan.Clean());
  }

  @Test
  void anAdminOfRolesWhoGrantsOneIsNoFinding() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(VAULT, "grantRole(bytes32,address)", 7, ROBBER);
    Bytes question = input("hasRole(bytes32,address)", 0, ROBBER);
    Map<StateQuery, Bytes> answers = new LinkedHashMap<>();
    answers.put(new StateQuery.Call(VAULT, input("owner()")), words(OWNER));
    found(scan(root, state(answers), History.NONE));
    answers.put(new StateQuery.Call(VAULT, question), words(1));
    assertThat(scan(root, state(answers), History.NONE)).isEqualTo(new Scan.Clean());
  }

  @Test
  void aDeployerWhoSetsUpWhatHeMadeIsNoFinding() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.create(VAULT);
    root.call(VAULT, "initialize(address)", ROBBER);
    root.call(VAULT, "start()");
    root.call(COIN, "claim()").transfer(USD, ROBBER, 5);
    assertThat(scan(root)).isEqualTo(new Scan.Clean());
    Samples.Call later = Samples.tx(SENDER, VAULT, "initialize(address)", SENDER);
    assertThat(scan(later, StateReads.NONE, new History(Map.of(VAULT, SENDER))))
        .isEqualTo(new Scan.Clean());
    assertThat(scan(later)).isInstanceOf(Scan.NotAnalysed.class);
  }

  @Test
  void aFactoryThatMakesAndSetsUpIsNoFinding() {
    Address factory = account(0x50);
    Samples.Call root = Samples.tx(SENDER, factory, "make(uint256)", 1);
    root.create(VAULT);
    root.call(VAULT, "initialize(address,address)", factory, SENDER);
    root.call(VAULT, "transferOwnership(address)", SENDER);
    assertThat(scan(root)).isEqualTo(new Scan.Clean());
  }

  private static Samples.Call setUp() {
    Samples.Call root = Samples.tx(SENDER, VAULT, "initialize(address,uint256)", SENDER, 3);
    root.lend(CODE, "initialize(address,uint256)", SENDER, 3);
    return root;
  }

  @Test
  void findsAProxyThatIsSetUpAgain() {
    StateQuery first = new StateQuery.Storage(VAULT, Hash32.ZERO);
    found(scan(setUp(), state(Map.of(first, words(1))), History.NONE));
    assertThat(scan(setUp(), state(Map.of(first, words(0))), History.NONE))
        .isEqualTo(new Scan.Clean());
    assertThat(scan(setUp(), state(Map.of(first, words(OWNER))), History.NONE))
        .isEqualTo(new Scan.Clean());
    StateQuery counted =
        new StateQuery.Storage(
            VAULT,
            Hash32.hex("0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00"));
    found(scan(setUp(), state(Map.of(counted, words(1))), History.NONE));
  }

  @Test
  void setUpForSomebodyElseIsNoFinding() {
    Samples.Call root = Samples.tx(SENDER, VAULT, "initialize(address,uint256)", OWNER, 3);
    assertThat(scan(root, ownedBy(OWNER), History.NONE)).isEqualTo(new Scan.Clean());
  }

  @Test
  void findsAProxyThatRunsCodeOfTheSendersSide() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(VAULT, "upgradeToAndCall(address,bytes)", ROBBER, 64, 0)
        .lend(CODE, "upgradeToAndCall(address,bytes)", ROBBER, 64, 0)
        .lend(ROBBER, "strike()");
    assertThat(found(scan(root)).severity()).isEqualTo(Severity.CRITICAL);
  }

  @Test
  void anUpgradeByTheAdminOfAProxyIsNoFinding() {
    Address admin = account(0x51);
    Samples.Call root = Samples.tx(SENDER, admin, "upgrade(address,address)", VAULT, CODE);
    root.call(VAULT, "upgradeTo(address)", CODE);
    StateQuery slot = new StateQuery.Storage(VAULT, ProxyCode.SLOT_ADMIN);
    StateQuery slotOfAdmin = new StateQuery.Storage(admin, ProxyCode.SLOT_ADMIN);
    Map<StateQuery, Bytes> reads = new LinkedHashMap<>();
    reads.put(slotOfAdmin, words(0));
    reads.put(slot, words(admin));
    assertThat(scan(root, StateReads.of(reads), History.NONE)).isEqualTo(new Scan.Clean());
    reads.put(slot, words(OWNER));
    found(scan(root, StateReads.of(reads), History.NONE));
  }

  @Test
  void callsThatFailedAreNoFinding() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(VAULT, "transferOwnership(address)", ROBBER).fails("execution reverted");
    assertThat(scan(root, ownedBy(OWNER), History.NONE)).isEqualTo(new Scan.Clean());
  }
}
