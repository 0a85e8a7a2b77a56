package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.GUARDIAN;
import static io.tocsin.policy.PolicySamples.MAIN;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.DecisionSamples;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.audit.Step;
import io.tocsin.base.AccountId;
import io.tocsin.base.Clocks;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.base.Threads;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.Position;
import io.tocsin.chain.TraceSource;
import io.tocsin.claim.Claim;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Sightings;
import io.tocsin.exposure.Interest;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Epochs;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Limits;
import io.tocsin.policy.PolicySamples;
import io.tocsin.policy.Protection;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.respond.OrderBook;
import io.tocsin.respond.PauseView;
import io.tocsin.risk.Valuation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A certificate that comes before a node's endpoints agree on what it is about. */
final class UnagreedTest {
  private static final BlockRef HEAD = new BlockRef(10, hash("head"), NOW);
  private static final Agreement LACKING = new Agreement.Lacking("one of two did not answer");
  private static final Agreement AGREED = new Agreement.Agreed(2, Set.of("north", "south"));

  private final MemoryAuditStore store = new MemoryAuditStore();
  private final ScriptedResponder responder = new ScriptedResponder();
  private final FakeChain chain = new FakeChain(MAIN);
  private final ExecutorService cpu = Threads.cpu("unagreed", 1, 16);
  private volatile Instant now = NOW;

  @SuppressWarnings("NullAway.Init") // set before every test
  private AuditLog log;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Defence defence;

  @BeforeEach
  void defend() throws MalformedException {
    log = AuditLog.open(store, () -> NOW, new Random(5));
    Records records =
        new Records("birch", log, Metrics.NONE, Observer.NONE, Pager.NONE, Clocks.one(() -> now));
    Eyes eyes =
        new Eyes(
            Map.of(MAIN, chain.ports()),
            new Detectors(DetectConfig.DEFAULT),
            cpu,
            new Sightings(16),
            () -> now);
    eyes.advanced(MAIN, HEAD);
    chain.codes.put(Recorded.VICTIM, PolicySamples.CODE);
    defence =
        new Defence(
            new Defence.Means(
                List.of(protection()),
                Map.of(GUARDIAN, responder),
                new MemoryInterlockBook(),
                (_, _) -> new PauseView.Standing.Unavailable("nobody asked"),
                OrderBook.NONE),
            eyes,
            _ -> Optional.of(new Epochs(1, NOW.minus(Duration.ofDays(3)))),
            records);
    defence.advanced(MAIN, HEAD);
  }

  @AfterEach
  void stop() {
    defence.close();
    log.close();
    cpu.shutdownNow();
  }

  /** Birch's protection, moved to the victim of a recorded exploit. */
  private static Protection protection() {
    AccountId victim = new AccountId(MAIN, Recorded.VICTIM);
    Protection birch =
        PolicySamples.protection(
            PolicySamples.terms(),
            PolicySamples.mandate(
                BudgetClass.DIRECT,
                new Judgement(
                    Judgement.Mode.ACT,
                    Optional.empty(),
                    Judgement.UnknownRisk.ACT,
                    Judgement.Approval.NONE)));
    return new Protection(
        new Interest("Birch", victim, Set.of(), Set.of(), List.of(), birch.interest().terms()),
        birch.guard(),
        birch.sourceChains(),
        birch.blockTime(),
        new Valuation(victim, List.of()),
        birch.mandates());
  }

  /** What the endpoints say of the robbery from now on. */
  private void said(Agreement agreement) {
    Traced robbery =
        new Traced(
            Recorded.exploit(MAIN, hash("tx"), new Position.Mined(HEAD, hash("parent"))),
            agreement,
            NOW);
    chain.traces.put(hash("tx"), new TraceSource.Answer.Found(robbery));
  }

  private static QuorumCertificate certificate() {
    return DecisionSamples.TOWN.certify(
        new Claim.ExploitMined(
            MAIN,
            hash("tx"),
            new Claim.BlockStamp(HEAD.hash(), NOW),
            new Claim.Subject(Recorded.VICTIM, PolicySamples.CODE.normalised())));
  }

  private long decided() throws MalformedException {
    long decided = 0;
    for (AuditEntry entry : store.entries()) {
      if (entry.content() instanceof AuditEntry.Content.Kept(_, var body)
          && AuditLog.decode(body).step() instanceof Step.Decided) {
        decided++;
      }
    }
    return decided;
  }

  private void awaitDecision() throws Exception {
    for (int i = 0; i < 6_000 && decided() == 0; i++) {
      Thread.sleep(10);
    }
    assertThat(decided()).isEqualTo(1);
  }

  @Test
  void isActedOnOnceTheyAgree() throws Exception {
    said(LACKING);
    defence.certified(certificate());
    awaitDecision();
    assertThat(responder.executed()).isEmpty();
    said(AGREED);
    for (int i = 0; i < 6_000 && responder.executed().isEmpty(); i++) {
      defence.advanced(MAIN, HEAD);
      Thread.sleep(10);
    }
    assertThat(responder.executed()).hasSize(1);
    assertThat(decided()).as("weighed again once").isEqualTo(2);
  }

  @Test
  void isNotActedOnWhileTheyDoNotNorWhenItIsTooOld() throws Exception {
    said(LACKING);
    defence.certified(certificate());
    awaitDecision();
    looks();
    assertThat(responder.executed()).isEmpty();
    now = NOW.plus(Limits.MAX_AGE);
    looks();
    now = NOW;
    said(AGREED);
    looks();
    assertThat(decided()).as("forgotten").isEqualTo(1);
    assertThat(responder.executed()).isEmpty();
  }

  private void looks() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      defence.advanced(MAIN, HEAD);
      Thread.sleep(10);
    }
  }
}
