package io.tocsin.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClockWatchTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private Instant steady = START;
  private Duration offset = Duration.ZERO;
  private final ClockWatch watch =
      new ClockWatch(ChainId.evm(1), new Clocks(() -> steady.plus(offset), () -> steady));
  private final List<Trouble> told = new ArrayList<>();
  private long number;

  /** A block of {@code time} is dealt with {@code later}. */
  private void block(Instant time, Duration later) {
    steady = steady.plus(later);
    number++;
    watch.advanced(new BlockRef(number, Hash32.ZERO, time)).ifPresent(told::add);
  }

  /** Blocks come as they are made, {@code slot} apart and a second late. */
  private void live(int blocks, Duration slot) {
    for (int i = 0; i < blocks; i++) {
      block(steady.plus(slot).minusSeconds(1), slot);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {250, 1_000, 12_000})
  void aRightClockIsNoTrouble(long slot) {
    live(100, Duration.ofMillis(slot));
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {250, 1_000, 12_000})
  void saysSoWhenTheClockJumpsAheadAndWhenItIsRightAgain(long slot) {
    live(20, Duration.ofMillis(slot));
    offset = HOUR;
    live(20, Duration.ofMillis(slot));
    assertThat(told).extracting(Trouble::kind).containsExactly(TroubleKind.CLOCK);
    assertThat(told.getFirst().detail()).contains("3601 s ahead").contains("Set the clock");
    offset = Duration.ZERO;
    live(20, Duration.ofMillis(slot));
    assertThat(told)
        .extracting(Trouble::kind)
        .containsExactly(TroubleKind.CLOCK, TroubleKind.RECOVERED);
  }

  @Test
  void saysSoWhenTheClockJumpsBack() {
    live(3, Duration.ofSeconds(12));
    offset = HOUR.negated();
    live(1, Duration.ofSeconds(12));
    assertThat(told).extracting(Trouble::kind).containsExactly(TroubleKind.CLOCK);
    assertThat(told.getFirst().detail()).contains("3599 s behind");
  }

  @Test
  void forgivesWhatPolicyForgives() {
    offset = ClockWatch.BEHIND.negated().plusSeconds(1);
    live(10, Duration.ofSeconds(1));
    offset = ClockWatch.AHEAD.minusSeconds(1);
    live(10, Duration.ofSeconds(1));
    assertThat(told).isEmpty();
    offset = ClockWatch.AHEAD;
    live(10, Duration.ofSeconds(1));
    assertThat(told).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {250, 1_000, 12_000})
  void comparesNothingWhileItReadsWhatItMissed(long slot) {
    Instant block = START.minus(Duration.ofDays(1));
    for (int i = 0; i < 500; i++) {
      block = block.plusMillis(slot).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
      block(block, Duration.ofMillis(20));
    }
    assertThat(told).isEmpty();
    live(3, Duration.ofSeconds(12));
    assertThat(told).isEmpty();
  }

  @Test
  void anEndpointThatShowsAnOldChainAsTheNewestLooksTheSame() {
    for (int i = 0; i < 5; i++) {
      block(steady.minus(HOUR), Duration.ofSeconds(12));
    }
    assertThat(told).extracting(Trouble::kind).containsExactly(TroubleKind.CLOCK);
    assertThat(told.getFirst().detail()).contains("an old chain");
  }

  @Test
  void aChainThatPausesIsNoTroubleUntilItsNextBlockIsOld() {
    live(5, Duration.ofSeconds(12));
    Instant late = steady.plusSeconds(12);
    block(late, Duration.ofMinutes(4));
    assertThat(told).isEmpty();
  }
}
