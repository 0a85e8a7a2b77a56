package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.audit.Step;
import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.base.Threads;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Sightings;
import io.tocsin.respond.InterlockBook;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.OrderBook;
import io.tocsin.respond.PauseView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A failure in dealing with a block makes no hole in what was looked at. */
final class PipelineFollowTest {
  private static final ChainId CHAIN = ChainId.evm(1);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final BlockRef PARENT = new BlockRef(9, hash("block 9"), NOW);
  private static final BlockRef BLOCK = new BlockRef(10, hash("block 10"), NOW);

  private final FakeChain chain = new FakeChain(CHAIN);
  private final ExecutorService cpu = Threads.cpu("pipeline", 1, 16);
  private final MemoryAuditStore store = new MemoryAuditStore();
  private final BlockingQueue<Pager.Why> pages = new LinkedBlockingQueue<>();
  private final BlockingQueue<TroubleKind> troubles = new LinkedBlockingQueue<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger found = new AtomicInteger();
  private Thread follower = Thread.currentThread();

  private final class FailingObserver implements Observer {
    @Override
    public void found(Traced traced, Finding finding) {
      found.incrementAndGet();
      if (failures.getAndDecrement() > 0) {
        throw new IllegalStateException("out of order");
      }
    }

    @Override
    public void trouble(Trouble trouble) {
      troubles.add(trouble.kind());
    }
  }

  private static final class NoBook implements InterlockBook {
    @Override
    public InterlockState load() {
      return InterlockState.EMPTY;
    }

    @Override
    public void save(InterlockState state) {}
  }

  private static final class NoOrders implements OrderBook {
    @Override
    public List<Given> given() {
      return List.of();
    }

    @Override
    public void done(Given given) {}
  }

  @BeforeEach
  void follow() throws MalformedException {
    AuditLog log = AuditLog.open(store, () -> NOW, new Random(5));
    Records records =
        new Records(
            "test",
            log,
            Metrics.NONE,
            new FailingObserver(),
            page -> pages.add(page.why()),
            Clocks.one(() -> NOW));
    Eyes eyes =
        new Eyes(
            Map.of(CHAIN, chain.ports()),
            new Detectors(DetectConfig.DEFAULT),
            cpu,
            new Sightings(16),
            () -> NOW);
    Defence defence =
        new Defence(
            new Defence.Means(
                List.of(),
                Map.of(),
                new NoBook(),
                (_, _) -> new PauseView.Standing.Unavailable("nobody asked"),
                new NoOrders()),
            eyes,
            _ -> Optional.empty(),
            records);
    Pipeline pipeline = new Pipeline(eyes, Town.alone(), defence, records);
    follower =
        Threads.start(
            "follow",
            () -> {
              try {
                pipeline.follow(chain.ports());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @AfterEach
  void stop() {
    follower.interrupt();
    cpu.shutdownNow();
  }

  private void aBlockComes() {
    chain.events.add(EyesTest.mined(BLOCK, PARENT, new Agreement.Lacking("one only")));
    chain.events.add(new ChainEvent.HeadAdvanced(CHAIN, BLOCK));
  }

  private void acknowledges() throws InterruptedException {
    for (int i = 0; i < 2_400 && chain.processed.isEmpty(); i++) {
      Thread.sleep(25);
    }
    assertThat(chain.processed).containsExactly(BLOCK);
  }

  private List<Step.Trouble> recorded() throws MalformedException {
    List<Step.Trouble> all = new ArrayList<>();
    for (var entry : store.entries()) {
      if (entry.content() instanceof AuditEntry.Content.Kept(_, var body)
          && AuditLog.decode(body).step() instanceof Step.Trouble step) {
        all.add(step);
      }
    }
    return all;
  }

  @Test
  void aTransactionWhoseHandlingFailedIsHandledAgainBeforeItsBlockIsAcknowledged()
      throws Exception {
    failures.set(3);
    aBlockComes();
    acknowledges();
    assertThat(found.get()).isGreaterThanOrEqualTo(4);
    assertThat(pages.poll(60, TimeUnit.SECONDS)).isEqualTo(Pager.Why.STUCK);
    assertThat(troubles).containsExactly(TroubleKind.STUCK, TroubleKind.RECOVERED);
    assertThat(recorded()).isEmpty();
  }

  @Test
  void oneThatFailsByItselfIsPutOnRecordAndDoesNotStopTheChain() throws Exception {
    failures.set(1_000);
    aBlockComes();
    acknowledges();
    assertThat(recorded())
        .singleElement()
        .satisfies(step -> assertThat(step.kind()).isEqualTo("UNHANDLED"));
  }

  @Test
  void aBlockThatCannotBeAcknowledgedIsTriedAgain() throws Exception {
    chain.failures.set(2);
    aBlockComes();
    acknowledges();
    assertThat(troubles.poll(60, TimeUnit.SECONDS)).isEqualTo(TroubleKind.STUCK);
  }

  @Test
  void aLogThatCannotBeWrittenStopsTheChainAndCallsPeople() throws Exception {
    store.fail();
    failures.set(1_000);
    aBlockComes();
    assertThat(pages.poll(60, TimeUnit.SECONDS)).isEqualTo(Pager.Why.STUCK);
    Thread.sleep(3_000);
    assertThat(chain.processed).isEmpty();
    assertThat(troubles).containsExactly(TroubleKind.STUCK);
  }
}
