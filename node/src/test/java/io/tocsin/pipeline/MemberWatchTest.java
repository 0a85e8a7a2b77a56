package io.tocsin.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.base.Address;
import io.tocsin.base.Clocks;
import io.tocsin.base.Metrics;
import io.tocsin.crypto.KeyPair;
import io.tocsin.gossip.HandClock;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Silence of members, told once and in time. */
final class MemberWatchTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final HandClock clock = new HandClock(Samples.BEGIN.plusSeconds(60));
  private final List<KeyPair> keys = Samples.keys(5, 5);
  private final Rosters rosters = Samples.rosters(keys, clock);
  private final Map<Address, Long> heard = new HashMap<>();
  private final List<Pager.Page> pages = new ArrayList<>();
  private final Map<Address, Boolean> told = new HashMap<>();
  private final Map<String, Double> gauges = new HashMap<>();

  @SuppressWarnings("NullAway.Init") // set before every test
  private AuditLog log;

  @SuppressWarnings("NullAway.Init") // set before every test
  private MemberWatch watch;

  private final class Gauges implements Metrics {
    @Override
    public void count(String name, String label) {}

    @Override
    public void gauge(String name, String label, double value) {
      gauges.put(name, value);
    }

    @Override
    public void stage(String stage, Duration took) {}
  }

  @BeforeEach
  void begin() throws Exception {
    log = AuditLog.open(new MemoryAuditStore(), clock, new Random(5));
    Observer observer =
        new Observer() {
          @Override
          public void member(Address member, boolean silent) {
            told.put(member, silent);
          }
        };
    Records records =
        new Records("birch", log, new Gauges(), observer, pages::add, Clocks.one(clock));
    watch =
        new MemberWatch(
            new MemberWatch.Means(
                keys.getFirst().address(), rosters, a -> heard.getOrDefault(a, 0L), LIMIT),
            records);
    watch.look();
  }

  @AfterEach
  void close() {
    log.close();
  }

  /** Lets time pass in which these members speak every ten seconds. */
  private void pass(Duration time, int... speaking) {
    for (long second = 1; second <= time.toSeconds(); second++) {
      clock.pass(Duration.ofSeconds(1));
      if (second % 10 == 0) {
        for (int one : speaking) {
          heard.merge(keys.get(one).address(), 1L, Long::sum);
        }
      }
      watch.look();
    }
  }

  @Test
  void aMemberThatSaysNothingIsToldOnceAndOnceWhenItIsBack() {
    Address silent = keys.get(4).address();
    pass(Duration.ofSeconds(59), 1, 2, 3);
    assertThat(pages).isEmpty();
    pass(Duration.ofMinutes(10), 1, 2, 3);
    assertThat(pages)
        .singleElement()
        .satisfies(
            page -> {
              assertThat(page.why()).isEqualTo(Pager.Why.QUIET);
              assertThat(page.text())
                  .contains(silent.toString(), "PT1M", "4 of 5 votes", "enough to certify");
            });
    assertThat(told).containsExactly(Map.entry(silent, true));
    assertThat(gauges).containsEntry("tocsin_members_silent", 1.0);
    pages.clear();
    pass(Duration.ofSeconds(30), 1, 2, 3, 4);
    assertThat(pages)
        .singleElement()
        .satisfies(page -> assertThat(page.text()).contains(silent.toString(), "heard again"));
    assertThat(told).containsExactly(Map.entry(silent, false));
    assertThat(gauges).containsEntry("tocsin_members_silent", 0.0);
  }

  @Test
  void aTownThatCanCertifyNothingAnyMoreIsSaidToBeSo() {
    pass(Duration.ofSeconds(61), 1, 2);
    assertThat(pages)
        .singleElement()
        .satisfies(page -> assertThat(page.text()).contains("too few to certify anything"));
  }

  @Test
  void whoHearsNobodyIsToldThatItMayBeCutOff() {
    pass(Duration.ofSeconds(61));
    assertThat(pages)
        .as("one page, not four")
        .singleElement()
        .satisfies(page -> assertThat(page.text()).contains("it is cut off"));
  }

  @Test
  void membersThatSpeakAreNotTold() {
    pass(Duration.ofMinutes(10), 1, 2, 3, 4);
    assertThat(pages).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void aJumpOfTheClockSilencesNobody() {
    pass(Duration.ofSeconds(30), 1, 2, 3, 4);
    clock.pass(Duration.ofHours(1));
    watch.look();
    clock.pass(Duration.ofHours(2).negated());
    watch.look();
    pass(Duration.ofSeconds(30), 1, 2, 3, 4);
    assertThat(pages).isEmpty();
  }

  @Test
  void aRevokedMemberIsNotListenedFor() {
    assertThat(rosters.apply(Revocation.sign(keys.get(4), rosters.federation().domain())))
        .isInstanceOf(Rosters.Change.Applied.class);
    pass(Duration.ofMinutes(2), 1, 2, 3);
    assertThat(pages).isEmpty();
  }
}
