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
import static io.tocsin.detect.Samples.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DetectorsTest {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);

  private static ScanReport scan(TxTrace trace) {
    return DETECTORS.scan(trace, StateReads.NONE, History.NONE);
  }

  /** Findings of the trace, the same with and without events and gas. */
  private static List<Finding> findings(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    List<Finding> with = scan(trace).findings();
    List<Finding> without = scan(Samples.bare(trace, root.json)).findings();
    assertThat(without.stream().map(Finding::subject))
        .containsExactlyElementsOf(with.stream().map(Finding::subject).toList());
    return with;
  }

  private static void swap(
      Samples.Call by, Address sold, Address bought, long in, long out, long... after) {
    by.transfer(sold, PAIR, in);
    boolean first = bought.equals(COIN);
    Samples.Call swap =
        by.call(
            PAIR,
            "swap(uint256,uint256,address,bytes)",
            first ? out : 0,
            first ? 0 : out,
            ROBBER,
            128,
            0);
    swap.transfer(bought, ROBBER, out);
    swap.balance(COIN, PAIR, after[0]);
    swap.balance(USD, PAIR, after[1]);
  }

  private static Samples.Call spotAttack() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "attack(address,uint256,uint256)", LENDER, 1, 1);
    Samples.Call loan =
        root.call(
            POOL, "flashLoanSimple(address,address,uint256,bytes,uint16)", ROBBER, USD, 10_000_000);
    loan.call(RECEIPT, "transferUnderlyingTo(address,uint256)", ROBBER, 10_000_000)
        .transfer(USD, ROBBER, 10_000_000);
    Samples.Call work =
        loan.call(
            ROBBER,
            "executeOperation(address,uint256,uint256,address,bytes)",
            USD,
            10_000_000,
            5_000,
            ROBBER,
            160);
    work.reserves(PAIR, 2_000_000, 2_000_000);
    swap(work, USD, COIN, 10_000_000, 1_665_831, 334_169, 12_000_000);
    work.call(COIN, "approve(address,uint256)", LENDER, 60_000).returns(1);
    work.call(LENDER, "deposit(uint256)", 60_000).transferFrom(COIN, ROBBER, LENDER, 60_000);
    work.balance(USD, LENDER, 1_000_000);
    Samples.Call borrow = work.call(LENDER, "borrow(uint256)", 1_000_000);
    borrow.reserves(PAIR, 334_169, 12_000_000);
    borrow.transfer(USD, ROBBER, 1_000_000);
    work.reserves(PAIR, 334_169, 12_000_000);
    swap(work, COIN, USD, 1_605_831, 9_930_000, 1_940_000, 2_070_000);
    work.call(USD, "approve(address,uint256)", POOL, 10_005_000).returns(1);
    loan.call(USD, "transferFrom(address,address,uint256)", ROBBER, RECEIPT, 10_005_000)
        .returns(1)
        .moved(USD, ROBBER, RECEIPT, 10_005_000);
    root.transfer(USD, SENDER, 925_000);
    return root;
  }

  @Test
  void namesTheLenderThatBelievedASpotPriceAndNobodyElse() {
    List<Finding> findings = findings(spotAttack());

    assertThat(findings).hasSize(1);
    Finding finding = findings.getFirst();
    assertThat(finding.subject()).isEqualTo(LENDER);
    assertThat(finding.detectors()).containsExactly("price-dislocation");
    assertThat(finding.losses()).hasSize(1);
    assertThat(finding.losses().getFirst().asset()).isEqualTo(new Asset.Token(USD));
    assertThat(finding.losses().getFirst().amount()).isEqualTo(1_000_000);
    assertThat(finding.losses().getFirst().shareOfBalance()).isEqualTo(1);
    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
  }

  @Test
  void findsACloneDrainedThroughItsOwnersPriceSourceWhenTheStateBeforeIsKnown() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "drain(address)", LENDER);
    root.call(LENDER, "deposit(uint256)", 100).transferFrom(COIN, ROBBER, LENDER, 100);
    root.balance(USD, LENDER, 5_000);
    Samples.Call borrow = root.call(LENDER, "borrow(uint256)", 5_000);
    borrow.reserves(ROBBER, 1_000, 1_000_000);
    borrow.transfer(USD, ROBBER, 5_000);
    root.transfer(USD, SENDER, 5_000);
    TxTrace trace = Samples.trace(root);
    StateQuery before = new StateQuery.Call(ROBBER, Samples.input("getReserves()"));

    assertThat(scan(trace).findings()).isEmpty();
    assertThat(DETECTORS.queries(trace)).contains(before);
    ScanReport unread =
        DETECTORS.scan(trace, StateReads.of(Map.of(), Set.of(before)), History.NONE);
    assertThat(unread.scan()).isInstanceOf(Scan.NotAnalysed.class);
    assertThat(of(unread, "price-dislocation")).isInstanceOf(Scan.NotAnalysed.class);
    assertThat(of(unread, "reentrancy")).isEqualTo(new Scan.Clean());
    StateReads reads = StateReads.of(Map.of(before, words(1_000, 1_000, 0)));
    assertThat(DETECTORS.scan(trace, reads, History.NONE).findings())
        .extracting(Finding::subject)
        .containsExactly(LENDER);
  }

  private static Scan of(ScanReport report, String detector) {
    return report.results().stream()
        .filter(result -> result.detector().equals(detector))
        .findFirst()
        .orElseThrow()
        .scan();
  }

  @Test
  void whatNeedsMoreStateThanIsReadIsNotAnalysed() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(VAULT, "process(bytes)", 32).transfer(USD, ROBBER, 900);
    root.call(POOL, "process(bytes)", 32).transfer(COIN, ROBBER, 900);
    TxTrace trace = Samples.trace(root);
    Detectors one = new Detectors(new DetectConfig(50_000, 0.1, 0.5, 0.01, 1.5, 1));
    Map<StateQuery, Bytes> plenty =
        Map.of(
            new StateQuery.Call(USD, Samples.input("balanceOf(address)", VAULT)), words(1_000_000));
    assertThat(of(one.scan(trace, StateReads.of(plenty), History.NONE), "price-dislocation"))
        .isInstanceOfSatisfying(
            Scan.NotAnalysed.class, not -> assertThat(not.reason()).contains("at most 1"));
  }

  @Test
  void tenThousandFramesAThousandDeepAreJudged() {
    Samples.Call root = spotAttack();
    Samples.Call at = root;
    for (int depth = 0; depth < 1_000; depth++) {
      at = at.call(account(0x1000 + depth), "step(uint256)", depth);
      for (int i = 0; i < 9; i++) {
        at.balance(USD, LENDER, 1_000_000);
      }
    }
    TxTrace trace = Samples.trace(root);
    assertThat(trace.frames()).hasSizeGreaterThan(10_000);
    assertThat(scan(trace).findings()).extracting(Finding::subject).containsExactly(LENDER);
  }

  @Test
  void reentryCountsWhereTheOuterCallMovesOnlyState() {
    assertThat(of(scan(Samples.trace(reentered(true))), "reentrancy"))
        .isInstanceOf(Scan.Found.class);
    assertThat(of(scan(Samples.trace(reentered(false))), "reentrancy")).isEqualTo(new Scan.Clean());
  }

  /**
   * A vault whose pool pays in the inner call only; in the outer one it books, or nothing moves.
   */
  private static Samples.Call reentered(boolean books) {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call outer = root.call(VAULT, "settle()");
    Samples.Call control = outer.call(ROBBER, "onSettle()");
    control
        .call(VAULT, "claim(uint256)", 500)
        .call(POOL, "pay(address,uint256)", ROBBER, 500)
        .transfer(USD, ROBBER, 500);
    if (books) {
      outer.call(POOL, "book(uint256)", 500);
    }
    return root;
  }

  @Test
  void findsAProxyPointedAtForeignCodeAndDrained() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call upgrade = root.call(VAULT, "upgradeToAndCall(address,bytes)", ROBBER, 64, 0);
    Samples.Call logic = upgrade.lend(account(0x99), "upgradeToAndCall(address,bytes)", ROBBER);
    logic.lend(ROBBER, "drain()").send(SENDER, 480);

    List<Finding> findings = findings(root);
    assertThat(findings).extracting(Finding::subject).containsExactly(VAULT);
    assertThat(findings.getFirst().losses().getFirst().asset()).isEqualTo(Asset.NATIVE);
  }

  @Test
  void findsABankThatPaysBeforeItBooks() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.json.put("value", "0x64");
    root.json
        .withArray("calls")
        .add(new Samples.Call("CALL", ROBBER, VAULT, 100, Samples.input("deposit()")).json);
    Samples.Call outer = root.call(VAULT, "withdraw(uint256)", 100);
    Samples.Call paid = outer.send(ROBBER, 100);
    paid.call(VAULT, "withdraw(uint256)", 100).send(ROBBER, 100);
    root.send(SENDER, 200);

    List<Finding> findings = findings(root);
    assertThat(findings).extracting(Finding::subject).containsExactly(VAULT);
    assertThat(findings.getFirst().detectors()).contains("reentrancy");
    assertThat(findings.getFirst().losses().getFirst().amount()).isEqualTo(100);
  }

  @Test
  void judgesAPlainPaymentByTheShareOfTheBalance() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(VAULT, "process(bytes)", 32).transfer(USD, ROBBER, 900);
    TxTrace trace = Samples.trace(root);
    StateQuery balance = new StateQuery.Call(USD, Samples.input("balanceOf(address)", VAULT));

    assertThat(DETECTORS.queries(trace)).containsExactly(balance);
    assertThat(scan(trace).scan()).isInstanceOf(Scan.NotAnalysed.class);
    assertThat(scanWith(trace, balance, 1_000).findings())
        .extracting(f -> f.losses().getFirst().shareOfBalance())
        .containsExactly(0.9);
    assertThat(scanWith(trace, balance, 1_000_000).scan()).isEqualTo(new Scan.Clean());
  }

  private static ScanReport scanWith(TxTrace trace, StateQuery query, long answer) {
    StateReads reads = StateReads.of(Map.of(query, words(answer)));
    return DETECTORS.scan(trace, reads, History.NONE);
  }

  @Test
  void isPure() {
    TxTrace trace = Samples.trace(spotAttack());
    assertThat(scan(trace)).isEqualTo(scan(trace));
  }

  @Test
  void aFailedTransactionIsCleanAndAsksNothing() {
    TxTrace trace = Samples.trace(spotAttack().fails("execution reverted"));
    assertThat(scan(trace).scan()).isEqualTo(new Scan.Clean());
    assertThat(DETECTORS.queries(trace)).isEmpty();
  }

  @Test
  void tooManyFramesAreNotAnalysedAndNeverClean() {
    DetectConfig small = new DetectConfig(10, 0.1, 0.5, 0.01, 1.5, 8);
    ScanReport report =
        new Detectors(small).scan(Samples.trace(spotAttack()), StateReads.NONE, History.NONE);
    assertThat(report.scan()).isInstanceOf(Scan.NotAnalysed.class);
    assertThat(report.results())
        .hasSize(Detectors.ALL.size())
        .allMatch(r -> r.scan() instanceof Scan.NotAnalysed);
  }

  @Test
  void callDataCutShortIsNotAnalysed() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(USD, "transfer(address,uint256)").json.put("inputTruncated", true);
    assertThat(scan(Samples.trace(root)).scan()).isInstanceOf(Scan.NotAnalysed.class);
  }

  @Test
  void findingsCarryNoTextOfTheChain() {
    Samples.Call root = spotAttack();
    root.view(COIN, "name()").fails("\u001b[31mowned");
    root.json.put("revertReason", "\u001b[31mowned");
    String shown = findings(root).toString();
    assertThat(shown).doesNotContain("owned");
    assertThat(FindingJson.write(findings(root).getFirst()).toString()).doesNotContain("owned");
  }

  @Test
  void asksForAtMostSoManyValues() {
    DetectConfig few = new DetectConfig(50_000, 0.1, 0.5, 0.01, 1.5, 1);
    assertThat(new Detectors(few).queries(Samples.trace(spotAttack()))).hasSize(1);
  }

  @Test
  void listsTheAccountsThatATraceTouches() {
    Samples.Call root = Samples.tx(SENDER, USD, "transfer(address,uint256)", VAULT, 5).returns(1);
    root.moved(USD, SENDER, VAULT, 5);
    assertThat(Detectors.touched(Samples.trace(root))).containsExactly(SENDER, USD, VAULT);
  }

  @Test
  void thresholdsAreChecked() {
    assertThatThrownBy(() -> new DetectConfig(0, 0.1, 0.5, 0.01, 1.5, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DetectConfig(1, 0.6, 0.5, 0.01, 1.5, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DetectConfig(1, 0.1, 0.5, 0.01, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void knowsWhoMadeTheEntryContract() {
    Sightings sightings = new Sightings(2);
    Samples.Call making = Samples.tx(SENDER, POOL, "make()");
    making.create(ROBBER);
    TxTrace made = Samples.trace(making);
    sightings.record(made, scan(made));
    TxTrace next = Samples.trace(spotAttack());

    assertThat(sightings.of(made.tx())).isPresent();
    assertThat(sightings.of(io.tocsin.base.Hash32.ZERO)).isEmpty();
    assertThat(sightings.history(next).creator(ROBBER)).contains(SENDER);
    assertThat(sightings.history(next).creator(LENDER)).isEmpty();
  }

  @Test
  void readsNothingIntoForeignSelectors() {
    TxTrace trace = Samples.trace(new Samples.Call("CALL", SENDER, VAULT, 0, Bytes.hex("0x01")));
    assertThat(scan(trace).scan()).isEqualTo(new Scan.Clean());
  }
}
