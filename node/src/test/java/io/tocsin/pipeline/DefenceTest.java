package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.GUARDIAN;
import static io.tocsin.policy.PolicySamples.MAIN;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.DecisionSamples;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.audit.Recording;
import io.tocsin.audit.Step;
import io.tocsin.base.AccountId;
import io.tocsin.base.Bytes;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.base.Threads;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceSource;
import io.tocsin.claim.Claim;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Sightings;
import io.tocsin.exposure.AssetId;
import io.tocsin.exposure.Interest;
import io.tocsin.policy.Action;
import io.tocsin.policy.Alarm;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Case.Occasion;
import io.tocsin.policy.Epochs;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Judgement.Mode;
import io.tocsin.policy.Judgement.UnknownRisk;
import io.tocsin.policy.PolicySamples;
import io.tocsin.policy.Protection;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.respond.Gate;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.Order;
import io.tocsin.respond.OrderBook;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.PauseView;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import io.tocsin.risk.Valuation;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a defence takes up after a stop at each place between a permit and its outcome. */
final class DefenceTest {
  private final MemoryAuditStore store = new MemoryAuditStore();
  private final MemoryInterlockBook book = new MemoryInterlockBook();
  private final ScriptedResponder responder = new ScriptedResponder();
  private final FakeChain chain = new FakeChain(MAIN);
  private final List<OrderBook.Given> orders = new CopyOnWriteArrayList<>();
  private Protection protection = PolicySamples.protection();
  private final ExecutorService cpu = Threads.cpu("defence", 1, 16);

  @AfterEach
  void stop() {
    cpu.shutdownNow();
  }

  private AuditLog log() throws MalformedException {
    return AuditLog.open(store, () -> NOW, new Random(5));
  }

  private Defence defence(AuditLog log) {
    Records records =
        new Records("birch", log, Metrics.NONE, Observer.NONE, Pager.NONE, Clocks.one(() -> NOW));
    Eyes eyes =
        new Eyes(
            Map.of(MAIN, chain.ports()),
            new Detectors(DetectConfig.DEFAULT),
            cpu,
            new Sightings(16),
            () -> NOW);
    eyes.advanced(MAIN, head());
    return new Defence(
        new Defence.Means(
            List.of(protection),
            Map.of(GUARDIAN, responder),
            book,
            (_, _) -> new PauseView.Standing.Unavailable("nobody asked"),
            new OrderBook() {
              @Override
              public List<Given> given() {
                return List.copyOf(orders);
              }

              @Override
              public void done(Given given) {
                orders.remove(given);
              }
            }),
        eyes,
        _ -> Optional.of(new Epochs(1, NOW.minus(Duration.ofDays(3)))),
        records);
  }

  /** A permit granted before the stop. */
  private Permit granted() {
    Alarm alarm = new Alarm.Certified(DecisionSamples.TOWN.certify(PolicySamples.mined(BIRCH)));
    Occasion occasion =
        new Occasion(
            alarm, PolicySamples.evidence(), new Epochs(1, NOW.minus(Duration.ofDays(3))), NOW);
    Action action = PolicySamples.action(PolicySamples.protection(), occasion);
    if (new Gate(book).rule(action, NOW) instanceof Ruling.Granted(Permit permit, _)) {
      return permit;
    }
    throw new AssertionError("held");
  }

  private static Step.Intended intended(Permit permit) {
    Action action = permit.action();
    return new Step.Intended(
        permit.digest(), action.trigger().claim().id(), action.guardian(), Recording.of(action));
  }

  private static Recording recording() {
    return new Recording(DecisionSamples.TOWN.committee());
  }

  private List<Step.Acted> acted() throws MalformedException {
    return steps(Step.Acted.class);
  }

  private <T extends Step> List<T> steps(Class<T> kind) throws MalformedException {
    List<T> all = new ArrayList<>();
    for (var entry : store.entries()) {
      if (entry.content() instanceof AuditEntry.Content.Kept(_, var body)
          && kind.isInstance(AuditLog.decode(body).step())) {
        all.add(kind.cast(AuditLog.decode(body).step()));
      }
    }
    return all;
  }

  private static BlockRef head() {
    return new BlockRef(10, hash("head"), NOW);
  }

  @Test
  void givesBackAPermitThatWasNeverAboutToBeCarriedOut() throws Exception {
    Permit permit = granted();
    assertThat(book.load().spent()).contains(permit.digest());
    try (AuditLog log = log();
        Defence defence = defence(log)) {
      defence.resume(recording());
      defence.advanced(MAIN, head());
      assertThat(responder.settled.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }
    assertThat(book.load().spent()).isEmpty();
    assertThat(book.load().trips()).isEmpty();
    assertThat(responder.executed()).isEmpty();
  }

  @Test
  void keepsItSpentWhereTheLogHasBeenErased() throws Exception {
    Permit permit = granted();
    try (AuditLog log = log()) {
      log.append(intended(permit));
      log.erase(List.of(1L), "a request");
    }
    try (AuditLog log = log();
        Defence defence = defence(log)) {
      defence.resume(recording());
    }
    assertThat(book.load().spent()).contains(permit.digest());
  }

  @Test
  void readsFromTheChainWhatBecameOfAnIntent() throws Exception {
    Permit permit = granted();
    try (AuditLog log = log()) {
      log.append(intended(permit));
    }
    try (AuditLog log = log();
        Defence defence = defence(log)) {
      defence.resume(recording());
      assertThat(responder.settled).isEmpty();
      defence.advanced(MAIN, head());
      assertThat(responder.settled.poll(60, TimeUnit.SECONDS)).isEqualTo(permit);
      while (acted().isEmpty()) {
        Thread.onSpinWait();
      }
    }
    assertThat(responder.executed()).isEmpty();
    assertThat(acted())
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.permit()).isEqualTo(permit.digest());
              assertThat(step.outcome()).isEqualTo("done");
            });
    assertThat(book.load().spent()).contains(permit.digest());
  }

  @Test
  void asksAgainWithTheNextBlockWhileTheOutcomeIsUnknown() throws Exception {
    Permit permit = granted();
    try (AuditLog log = log()) {
      log.append(intended(permit));
      log.append(Recording.acted(permit, new Outcome.Unknown("not mined yet")));
    }
    responder.answer = new Outcome.Unknown("it still waits");
    try (AuditLog log = log();
        Defence defence = defence(log)) {
      defence.resume(recording());
      for (int i = 0; i < 2; i++) {
        while (responder.settled.size() <= i) {
          defence.advanced(MAIN, head());
          Thread.onSpinWait();
        }
      }
    }
    assertThat(acted()).hasSize(1);
    assertThat(book.load().spent()).contains(permit.digest());
  }

  @Test
  void carriesAnOutcomeOnRecordOverToTheInterlock() throws Exception {
    Permit permit = granted();
    try (AuditLog log = log()) {
      log.append(intended(permit));
      log.append(
          Recording.acted(
              permit, new Outcome.Refused(Outcome.Refusal.REVERTED, "the chain said no")));
    }
    try (AuditLog log = log();
        Defence defence = defence(log)) {
      defence.resume(recording());
    }
    assertThat(book.load().spent()).isEmpty();
    assertThat(responder.settled).isEmpty();
    assertThat(acted()).hasSize(1);
  }

  @Test
  void whatWasDroppedIsFreeToBeTriedAgain() throws Exception {
    Permit permit = granted();
    try (AuditLog log = log()) {
      log.append(intended(permit));
    }
    responder.answer = new Outcome.Refused(Outcome.Refusal.DROPPED, "it was never sent");
    try (AuditLog log = log();
        Defence defence = defence(log)) {
      defence.resume(recording());
      defence.advanced(MAIN, head());
      while (!book.load().spent().isEmpty()) {
        Thread.onSpinWait();
      }
    }
    assertThat(acted()).singleElement().extracting(Step.Acted::outcome).isEqualTo("refused");
  }

  /** Birch's protection, moved to the victim of a recorded exploit. */
  private QuorumCertificate robbed(Judgement judgement, Valuation valuation) {
    Traced robbery =
        new Traced(
            Recorded.exploit(MAIN, hash("tx"), new Position.Mined(head(), hash("parent"))),
            new Agreement.Agreed(2, Set.of("north", "south")),
            NOW);
    AccountId victim = new AccountId(MAIN, Recorded.VICTIM);
    Protection birch =
        PolicySamples.protection(
            PolicySamples.terms(), PolicySamples.mandate(BudgetClass.DIRECT, judgement));
    protection =
        new Protection(
            new Interest("Birch", victim, Set.of(), Set.of(), List.of(), birch.interest().terms()),
            birch.guard(),
            birch.sourceChains(),
            birch.blockTime(),
            valuation,
            birch.mandates());
    chain.codes.put(Recorded.VICTIM, PolicySamples.CODE);
    chain.traces.put(hash("tx"), new TraceSource.Answer.Found(robbery));
    return DecisionSamples.TOWN.certify(
        new Claim.ExploitMined(
            MAIN,
            hash("tx"),
            new Claim.BlockStamp(head().hash(), NOW),
            new Claim.Subject(Recorded.VICTIM, PolicySamples.CODE.normalised())));
  }

  private Hash32 awaited() throws Exception {
    for (int i = 0; i < 6_000; i++) {
      for (var entry : store.entries()) {
        if (entry.content() instanceof AuditEntry.Content.Kept(_, var body)
            && AuditLog.decode(body).step() instanceof Step.Ruled ruled) {
          String detail = ruled.ruling().path("detail").stringValue();
          return Hash32.hex(detail.substring(detail.lastIndexOf("0x")));
        }
      }
      Thread.sleep(10);
    }
    throw new AssertionError("nothing was ruled");
  }

  @Test
  void waitsForAPersonAndActsOnceHeAgrees() throws Exception {
    QuorumCertificate certificate =
        robbed(
            new Judgement(Mode.ACT, Optional.empty(), UnknownRisk.ACT, Approval.HUMAN),
            new Valuation(BIRCH, List.of()));
    try (AuditLog log = log();
        Defence defence = defence(log)) {
      defence.advanced(MAIN, head());
      defence.certified(certificate);
      Hash32 permit = awaited();
      assertThat(responder.executed()).isEmpty();
      orders.add(new OrderBook.Given("1", new Order.Approve(permit)));
      while (responder.executed().isEmpty()) {
        defence.advanced(MAIN, head());
        Thread.sleep(10);
      }
      assertThat(responder.executed())
          .singleElement()
          .satisfies(done -> assertThat(done.digest()).isEqualTo(permit));
    }
    assertThat(orders).isEmpty();
  }

  @Test
  void weighsAnAlarmAgainOnceTheValueAtRiskCanBeRead() throws Exception {
    QuorumCertificate certificate =
        robbed(
            new Judgement(Mode.ACT, Optional.empty(), UnknownRisk.ALERT, Approval.NONE),
            new Valuation(
                BIRCH,
                List.of(
                    new Valuation.Priced(
                        AssetId.nativeOf(MAIN),
                        "ETH",
                        18,
                        new Valuation.PriceSource.Fixed(BigDecimal.TEN)))));
    StateQuery balance = new StateQuery.NativeBalance(BIRCH.address());
    chain.state = StateReads.of(Map.of(), Set.of(balance));
    try (AuditLog log = log();
        Defence defence = defence(log)) {
      defence.advanced(MAIN, head());
      defence.certified(certificate);
      while (steps(Step.Decided.class).isEmpty()) {
        Thread.sleep(10);
      }
      assertThat(responder.executed()).isEmpty();
      chain.state = StateReads.of(Map.of(balance, BIRCH.address().toWord().bytes()));
      while (responder.executed().isEmpty()) {
        defence.advanced(MAIN, head());
        Thread.sleep(10);
      }
    }
    assertThat(responder.executed()).hasSize(1);
  }

  @Test
  void anOrderForAMandateThatIsNotThereIsRecordedAndChangesNothing() throws Exception {
    InterlockState before = book.load();
    try (AuditLog log = log();
        Defence defence = defence(log)) {
      orders.add(
          new OrderBook.Given("1", new Order.Hold(GUARDIAN, hash("no such mandate"), "typo")));
      while (!orders.isEmpty()) {
        defence.advanced(MAIN, head());
        Thread.sleep(10);
      }
    }
    assertThat(book.load()).isEqualTo(before);
    assertThat(AuditLog.decode(kept(0)).step())
        .isInstanceOfSatisfying(
            Step.Ordered.class, step -> assertThat(step.note()).startsWith("not carried out"));
  }

  private Bytes kept(int index) {
    return ((AuditEntry.Content.Kept) store.entries().get(index).content()).body();
  }
}
