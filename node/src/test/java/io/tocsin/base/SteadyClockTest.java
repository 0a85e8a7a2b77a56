package io.tocsin.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private long nanos = Long.MAX_VALUE - 5;

  @Test
  void countsWhatPassesFromWhereItStarted() {
    SteadyClock clock = new SteadyClock(START, () -> nanos);
    assertThat(clock.instant()).isEqualTo(START);
    nanos += Duration.ofHours(1).toNanos(); // past the largest number, as a counter may
    assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(1)));
  }

  @Test
  void doesNotFollowAClockThatIsSet() {
    HandOfTheMachine wall = new HandOfTheMachine();
    Clocks clocks = Clocks.of(() -> wall.time);
    wall.time = START.minus(Duration.ofHours(1));
    assertThat(clocks.wall().instant()).isEqualTo(START.minus(Duration.ofHours(1)));
    assertThat(clocks.steady().instant()).isBetween(START, START.plus(Duration.ofMinutes(30)));
  }

  private static final class HandOfTheMachine {
    private Instant time = START;
  }
}
