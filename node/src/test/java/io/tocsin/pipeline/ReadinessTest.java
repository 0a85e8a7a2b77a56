package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.GUARDIAN;
import static io.tocsin.policy.PolicySamples.MAIN;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.account;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.audit.Recording;
import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.base.Metrics;
import io.tocsin.base.Threads;
import io.tocsin.chain.BlockRef;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Sightings;
import io.tocsin.policy.Lever;
import io.tocsin.policy.PolicySamples;
import io.tocsin.respond.InterlockBook;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.OrderBook;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.PauseView;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Responder;
import io.tocsin.risk.RiskEstimate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReadinessTest {
  private final BlockingQueue<Pager.Page> pages = new LinkedBlockingQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Optional<String> fault = Optional.empty();
  private volatile Instant now = NOW;

  @SuppressWarnings("NullAway.Init") // set before every test
  private AuditLog log;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Records records;

  private final Responder responder =
      new Responder() {
        @Override
        public Outcome execute(Permit permit, RiskEstimate stake) {
          return new Outcome.Unknown("");
        }

        @Override
        public Outcome settle(Permit permit) {
          return new Outcome.Unknown("");
        }

        @Override
        public Outcome bidOn(Permit permit, RiskEstimate stake) {
          return new Outcome.Unknown("nobody asked");
        }

        @Override
        public Optional<String> unready() {
          asked.incrementAndGet();
          return fault;
        }

        @Override
        public Optional<String> rehearse(AccountId guardian, Lever lever) {
          return Optional.empty();
        }
      };

  @BeforeEach
  void open() throws Exception {
    log = AuditLog.open(new MemoryAuditStore(), () -> NOW, new Random(5));
    records =
        new Records("birch", log, Metrics.NONE, Observer.NONE, pages::add, Clocks.one(() -> now));
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void asksEachResponderOnceAMinuteAndCallsOnlyWhenTheAnswerChanges() {
    Readiness readiness =
        new Readiness(Map.of(GUARDIAN, responder, account("other"), responder), records);
    readiness.look();
    readiness.look(MAIN);
    assertThat(asked).hasValue(1);
    readiness.look(ChainId.evm(10));
    assertThat(pages).isEmpty();

    fault = Optional.of("its account is empty");
    now = NOW.plusSeconds(59);
    readiness.look(MAIN);
    assertThat(pages).isEmpty();
    now = NOW.plusSeconds(60);
    readiness.look(MAIN);
    now = NOW.plusSeconds(120);
    readiness.look(MAIN);
    assertThat(asked).hasValue(3);
    assertThat(pages)
        .singleElement()
        .satisfies(
            page -> {
              assertThat(page.why()).isEqualTo(Pager.Why.NOT_READY);
              assertThat(page.text()).contains(GUARDIAN.toString(), "its account is empty");
            });

    fault = Optional.empty();
    now = NOW.plusSeconds(180);
    readiness.look(MAIN);
    assertThat(pages).hasSize(2).last().satisfies(p -> assertThat(p.text()).contains("again"));
  }

  @Test
  void aDefenceAsksAtItsStartAndWithNewBlocks() throws Exception {
    fault = Optional.of("its account is empty");
    var cpu = Threads.cpu("readiness", 1, 16);
    Eyes eyes =
        new Eyes(
            Map.of(MAIN, new FakeChain(MAIN).ports()),
            new Detectors(DetectConfig.DEFAULT),
            cpu,
            new Sightings(16),
            () -> now);
    try (Defence defence =
        new Defence(
            new Defence.Means(
                List.of(PolicySamples.protection()),
                Map.of(GUARDIAN, responder),
                new InterlockBook() {
                  @Override
                  public InterlockState load() {
                    return InterlockState.EMPTY;
                  }

                  @Override
                  public void save(InterlockState state) {}
                },
                (_, _) -> new PauseView.Standing.Unavailable("nobody asked"),
                OrderBook.NONE),
            eyes,
            _ -> Optional.empty(),
            records)) {
      defence.resume(new Recording());
      assertThat(pages.poll(60, TimeUnit.SECONDS)).isNotNull();
      fault = Optional.empty();
      now = NOW.plusSeconds(61);
      defence.advanced(MAIN, new BlockRef(1, PolicySamples.hash("head"), now));
      assertThat(pages.poll(60, TimeUnit.SECONDS))
          .satisfies(page -> assertThat(page.text()).contains("ready again"));
    } finally {
      cpu.shutdownNow();
    }
  }
}
