package io.tocsin.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.base.Address;
import io.tocsin.base.Clocks;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Keccak;
import io.tocsin.pipeline.Stakes.Stake;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class DocketTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Address LIAR = member("liar");
  private static final Address HONEST = member("honest");
  private static final int AT_ONCE = 8;

  private final Semaphore open = new Semaphore(0, true);
  private final BlockingQueue<Claim> heard = new LinkedBlockingQueue<>();
  private final Map<Claim, Stake> stakes = new ConcurrentHashMap<>();
  private final Map<Claim, Boolean> seen = new ConcurrentHashMap<>();
  private final Map<Claim, AtomicInteger> early = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> shed = new ConcurrentHashMap<>();
  private final List<Pager.Why> pages = Collections.synchronizedList(new ArrayList<>());
  private Docket docket = new Docket(new TestCourt(), overload());

  private static Address member(String name) {
    return new Address(Keccak.hashUtf8(name).bytes().slice(0, 20));
  }

  private final class TestCourt implements Docket.Court {
    @Override
    public Stake stake(Claim claim) {
      return stakes.getOrDefault(claim, Stake.NONE);
    }

    @Override
    public boolean seen(Claim claim) {
      return seen.containsKey(claim);
    }

    @Override
    public Optional<Duration> hear(Claim claim) {
      try {
        open.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (early.containsKey(claim) && early.get(claim).getAndDecrement() > 0) {
        return Optional.of(Duration.ofHours(1));
      }
      heard.add(claim);
      return Optional.empty();
    }
  }

  private Overload overload() {
    Metrics metrics =
        new Metrics() {
          @Override
          public void count(String name, String label) {
            if (name.equals("tocsin_shed_total")) {
              shed.computeIfAbsent(label, _ -> new AtomicInteger()).incrementAndGet();
            }
          }

          @Override
          public void gauge(String name, String label, double value) {}

          @Override
          public void stage(String stage, Duration took) {}
        };
    try {
      AuditLog log = AuditLog.open(new MemoryAuditStore(), () -> NOW, new Random(5));
      return new Overload(
          new Records(
              "test",
              log,
              metrics,
              Observer.NONE,
              page -> pages.add(page.why()),
              Clocks.one(() -> NOW)));
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void fresh() {
    docket.close();
    docket = new Docket(new TestCourt(), overload());
  }

  @AfterEach
  void close() {
    docket.close();
  }

  /** Waits until every hearing that there is room for waits for its turn. */
  private void begun() throws InterruptedException {
    for (int i = 0; i < 60_000 && open.getQueueLength() < Math.min(AT_ONCE, docket.size()); i++) {
      Thread.sleep(1);
    }
  }

  private List<Claim> hear(int count) throws InterruptedException {
    List<Claim> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      begun();
      open.release();
      order.add(Optional.ofNullable(heard.poll(60, TimeUnit.SECONDS)).orElseThrow());
    }
    return order;
  }

  @Test
  void aFloodOfOneMemberDelaysAnothersClaimByAFewTurns() throws InterruptedException {
    for (int i = 0; i < 1_000; i++) {
      docket.enter(Samples.mined(i), LIAR);
    }
    Claim alarm = Samples.mined(5_000);
    docket.enter(alarm, HONEST);
    assertThat(hear(1_001).indexOf(alarm)).isLessThanOrEqualTo(3 * AT_ONCE);
  }

  @Test
  void whatThisNodeSawItselfWaitsForNoQuestionToAnEndpoint() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      docket.enter(Samples.mined(i), LIAR);
    }
    Claim own = Samples.mined(5_000);
    seen.put(own, true);
    docket.enter(own, LIAR);
    assertThat(hear(101).indexOf(own)).isLessThanOrEqualTo(AT_ONCE);
  }

  @Test
  void armedSubjectsComeFirstAndAreNeverLeftOut() throws InterruptedException {
    int flood = 5_000;
    List<Claim> armed = new ArrayList<>();
    for (int i = 0; i < flood; i++) {
      docket.enter(Samples.mined(i), LIAR);
      if (i % 50 == 0) {
        Claim claim = Samples.mined(10_000 + i);
        stakes.put(claim, Stake.ARMED);
        armed.add(claim);
        docket.enter(claim, LIAR);
      }
    }
    assertThat(docket.size()).as("bounded").isLessThanOrEqualTo(2_048 + AT_ONCE + armed.size());
    assertThat(shed.getOrDefault("NONE", new AtomicInteger()).get())
        .isGreaterThanOrEqualTo(flood - 2_048 - AT_ONCE);
    assertThat(shed).doesNotContainKey("ARMED");
    assertThat(pages).containsExactly(Pager.Why.OVERLOADED);
    assertThat(hear(armed.size() + 3 * AT_ONCE)).containsAll(armed);
  }

  @Test
  void theLeastAtStakeIsLeftOutFirst() throws InterruptedException {
    for (int i = 0; i < 3_000; i++) {
      docket.enter(Samples.mined(i), LIAR);
    }
    List<Claim> known = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Claim claim = Samples.mined(10_000 + i);
      stakes.put(claim, Stake.KNOWN);
      known.add(claim);
      docket.enter(claim, LIAR);
    }
    assertThat(shed).doesNotContainKey("KNOWN");
    assertThat(hear(known.size() + 3 * AT_ONCE)).containsAll(known);
  }

  @Test
  void whoFloodsLeavesRoomForOthersAndDelaysNoClaimByReportingItFirst()
      throws InterruptedException {
    for (int i = 0; i < 6_000; i++) {
      docket.enter(Samples.mined(i), LIAR);
    }
    Claim alarm = Samples.mined(1_500);
    docket.enter(alarm, HONEST);
    Claim left = Samples.mined(5_999);
    docket.enter(left, HONEST);
    List<Claim> order = hear(2_048);
    assertThat(order.indexOf(alarm)).isBetween(0, 3 * AT_ONCE);
    assertThat(order.indexOf(left)).isBetween(0, 3 * AT_ONCE);
    assertThat(order).doesNotHaveDuplicates();
  }

  @Test
  void aClaimBeforeItsTimeIsHeardAgainAsSoonAsItsChainMovesOn() throws InterruptedException {
    Claim alarm = Samples.mined(1);
    early.put(alarm, new AtomicInteger(2));
    docket.enter(alarm, HONEST);
    open.release(3);
    Optional<Claim> first = Optional.empty();
    while (first.isEmpty()) {
      docket.moved(alarm.where().orElseThrow());
      first = Optional.ofNullable(heard.poll(1, TimeUnit.MILLISECONDS));
    }
    assertThat(first).contains(alarm);
    assertThat(early.get(alarm).get()).as("heard three times").isEqualTo(-1);
  }

  @Test
  void aClaimIsHeardOnce() throws InterruptedException {
    Claim alarm = Samples.mined(1);
    docket.enter(alarm, HONEST);
    docket.enter(alarm, LIAR);
    assertThat(hear(1)).containsExactly(alarm);
    docket.enter(alarm, LIAR);
    Claim next = Samples.mined(2);
    docket.enter(next, LIAR);
    assertThat(hear(1)).containsExactly(next);
    assertThat(docket.knows(alarm.id())).isTrue();
  }
}
