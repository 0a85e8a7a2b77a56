package io.tocsin.pipeline;

import static io.tocsin.pipeline.EyesTest.CHAIN;
import static io.tocsin.pipeline.EyesTest.HEAD;
import static io.tocsin.pipeline.EyesTest.NOW;
import static io.tocsin.pipeline.EyesTest.PARENT;
import static io.tocsin.pipeline.EyesTest.TX;
import static io.tocsin.pipeline.EyesTest.exploit;
import static io.tocsin.pipeline.EyesTest.harmless;
import static io.tocsin.policy.PolicySamples.code;
import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Clocks;
import io.tocsin.base.Metrics;
import io.tocsin.base.Threads;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.PendingTrials.Trial;
import io.tocsin.chain.Position;
import io.tocsin.chain.TraceSource.Answer;
import io.tocsin.claim.Claim;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Sightings;
import io.tocsin.exposure.Interest;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Judgement.Mode;
import io.tocsin.policy.Judgement.UnknownRisk;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.PolicySamples;
import io.tocsin.policy.Protection;
import io.tocsin.respond.Gate;
import io.tocsin.respond.InterlockBook;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.OrderBook;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.PauseView;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Responder;
import io.tocsin.risk.RiskEstimate;
import io.tocsin.risk.Valuation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Self-defence against a transaction that is not mined yet, with a real exploit's trace. */
final class PendingWatchTest {
  private static final List<Traced> ALL = Collections.nCopies(5, exploit(HEAD));

  private final ExecutorService cpu = Threads.cpu("pending", 1, 16);
  private final FakeChain chain = new FakeChain(CHAIN);
  private final Eyes eyes =
      new Eyes(
          Map.of(CHAIN, chain.ports()),
          new Detectors(DetectConfig.DEFAULT),
          cpu,
          new Sightings(16),
          () -> NOW);
  private final MemoryBook book = new MemoryBook();
  private final BlockingQueue<Permit> executed = new LinkedBlockingQueue<>();
  private Address victim = Address.ZERO;

  @SuppressWarnings("NullAway.Init") // set before every test
  private AuditLog log;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Defence defence;

  private static final class MemoryBook implements InterlockBook {
    private volatile InterlockState state = InterlockState.EMPTY;

    @Override
    public InterlockState load() {
      return state;
    }

    @Override
    public void save(InterlockState next) {
      state = next;
    }
  }

  private final class Recorder implements Responder {
    @Override
    public Outcome execute(Permit permit, RiskEstimate stake) {
      executed.add(permit);
      return new Outcome.Done(
          new Outcome.Receipt(Outcome.Effect.PAUSED, hash("pause"), 11, NOW, ""));
    }

    @Override
    public Outcome settle(Permit permit) {
      return new Outcome.Unknown("nobody asked");
    }

    @Override
    public Outcome bidOn(Permit permit, RiskEstimate stake) {
      return new Outcome.Unknown("nobody asked");
    }

    @Override
    public Optional<String> unready() {
      return Optional.empty();
    }

    @Override
    public Optional<String> rehearse(AccountId guardian, Lever lever) {
      return Optional.empty();
    }
  }

  @BeforeEach
  void build() throws Exception {
    eyes.advanced(CHAIN, HEAD);
    victim = eyes.look(exploit(HEAD)).report().findings().getFirst().subject();
    chain.codes.put(victim, code("victim"));
    log = AuditLog.open(new MemoryAuditStore(), () -> NOW, new Random(5));
    Protection protection = protection();
    defence =
        new Defence(
            new Defence.Means(
                List.of(protection),
                Map.of(protection.guard().account(), new Recorder()),
                book,
                (_, _) -> new PauseView.Standing.Unavailable("nobody asked"),
                OrderBook.NONE),
            eyes,
            _ -> Optional.empty(),
            records());
    defence.advanced(CHAIN, HEAD);
  }

  @AfterEach
  void stop() {
    defence.close();
    log.close();
    cpu.shutdownNow();
  }

  private Records records() {
    return new Records(
        "victim", log, Metrics.NONE, Observer.NONE, Pager.NONE, Clocks.one(() -> NOW));
  }

  private Protection protection() {
    Lever base = PolicySamples.lever(1);
    Mandate local =
        new Mandate(
            "local",
            hash("local"),
            BudgetClass.LOCAL,
            new Lever("pause", victim, Address.ZERO, base.calls(), 1, List.of("borrow")),
            new Limits(
                Duration.ZERO,
                9,
                Duration.ZERO,
                Duration.ofMinutes(5),
                NOW.plus(Duration.ofDays(99))),
            new Judgement(Mode.ACT, Optional.empty(), UnknownRisk.ACT, Approval.NONE));
    AccountId account = new AccountId(CHAIN, victim);
    return new Protection(
        new Interest("Victim", account, Set.of(), Set.of(), List.of(), Interest.DerivedTerms.NEVER),
        new Protection.Guard(PolicySamples.GUARDIAN, List.of(Address.ZERO), Duration.ofDays(3)),
        Set.of(CHAIN),
        Duration.ofSeconds(12),
        new Valuation(account, List.of()),
        List.of(local));
  }

  private Claim.ExploitPending claim() {
    return new Claim.ExploitPending(
        CHAIN,
        TX,
        new Claim.Turn(exploit(HEAD).trace().sender(), 3),
        new Claim.BlockStamp(HEAD.hash(), HEAD.time()),
        new Claim.Subject(victim, code("victim").normalised()));
  }

  private Optional<Permit> sighted(Trial trial) throws InterruptedException {
    return sighted(trial, Duration.ofSeconds(1));
  }

  private Optional<Permit> sighted(Trial trial, Duration patience) throws InterruptedException {
    chain.trials.put(TX, trial);
    defence.sighted(claim());
    return Optional.ofNullable(executed.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void acts() throws InterruptedException {
    assertThat(sighted(new Trial.Includable(exploit(HEAD), ALL), Duration.ofMinutes(1)))
        .isPresent();
  }

  @Test
  void actsOnWhatCanBeNextAndHarmsInEverySurroundings() throws InterruptedException {
    acts();
  }

  @Test
  void rule6NeverActsAloneOnWhatCannotBeInTheNextBlock() throws InterruptedException {
    assertThat(sighted(new Trial.NotIncludable("its nonce is far ahead"))).isEmpty();
    assertThat(sighted(new Trial.Unavailable("no endpoint answers"))).isEmpty();
  }

  @Test
  void rule6NeverActsAloneOnWhatHarmsInSomeSurroundingsOnly() throws InterruptedException {
    Trial bait =
        new Trial.Includable(exploit(HEAD), List.of(exploit(HEAD), harmless(), exploit(HEAD)));
    assertThat(sighted(bait)).isEmpty();
  }

  @Test
  void rule6NeverActsAloneOnWhatEndpointsDispute() throws InterruptedException {
    Traced disputed =
        new Traced(exploit(HEAD).trace(), new Agreement.Lacking("two say two things"), NOW);
    assertThat(sighted(new Trial.Includable(exploit(HEAD), List.of(disputed)))).isEmpty();
  }

  private PendingWatch acted() throws InterruptedException {
    acts();
    return new PendingWatch(new Gate(book), eyes, records());
  }

  private boolean mined(PendingWatch watch, Instant at) {
    watch.look(CHAIN, at);
    return book.load().trips().getFirst().cause().mined();
  }

  @Test
  void anAttackThatOurPauseMadeFailWasMinedAllTheSame() throws InterruptedException {
    PendingWatch watch = acted();
    assertThat(mined(watch, NOW)).isFalse();
    chain.traces.put(TX, new Answer.Found(exploit(HEAD)));
    assertThat(mined(watch, NOW)).as("still pending").isFalse();
    var trace = exploit(HEAD).trace().at(new Position.Mined(HEAD, PARENT.hash()));
    chain.traces.put(
        TX, new Answer.Found(new Traced(trace, new Agreement.Lacking("one says so"), NOW)));
    assertThat(mined(watch, NOW)).as("the word of one endpoint").isFalse();
    chain.traces.put(
        TX,
        new Answer.Found(
            new Traced(trace, new Agreement.Agreed(2, Set.of("north", "south")), NOW)));
    assertThat(mined(watch, NOW.plus(Duration.ofHours(2)))).as("long ago").isFalse();
    assertThat(mined(watch, NOW.plusSeconds(12))).isTrue();
  }

  @Test
  void theDefenceLooksWithEveryBlock() throws InterruptedException {
    acted();
    var trace = exploit(HEAD).trace().at(new Position.Mined(HEAD, PARENT.hash()));
    chain.traces.put(
        TX,
        new Answer.Found(
            new Traced(trace, new Agreement.Agreed(2, Set.of("north", "south")), NOW)));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!book.load().trips().getFirst().cause().mined() && System.nanoTime() < deadline) {
      defence.advanced(CHAIN, HEAD);
      Thread.sleep(5);
    }
    assertThat(book.load().trips().getFirst().cause().mined()).isTrue();
  }
}
