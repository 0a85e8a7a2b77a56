package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PendingPulseTest {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final PendingPulse pulse = new PendingPulse(Duration.ofSeconds(12), () -> now);

  private void pass(int seconds) {
    now = now.plusSeconds(seconds);
  }

  @Test
  void fiveSlotsAndThirtyTwoMinedTransactionsWithoutAPendingOneAreSaidOnce() {
    pulse.begin();
    pass(61);
    assertThat(pulse.mined(31)).isEmpty();
    assertThat(pulse.mined(1))
        .hasValueSatisfying(said -> assertThat(said).contains("61000 ms", "32"));
    assertThat(pulse.mined(500)).isEmpty();
  }

  @Test
  void manyMinedTransactionsWithinFiveSlotsSayNothing() {
    pulse.begin();
    pass(60);
    assertThat(pulse.mined(5_000)).isEmpty();
  }

  @Test
  void oneAnnouncementIsEnoughToCountAnew() {
    pulse.begin();
    pass(59);
    assertThat(pulse.mined(500)).isEmpty();
    assertThat(pulse.announced()).isFalse();
    pass(59);
    assertThat(pulse.mined(500)).isEmpty();
  }

  @Test
  void thatTheyComeAgainIsSaidOnce() {
    pulse.begin();
    pass(61);
    assertThat(pulse.mined(500)).isPresent();
    assertThat(pulse.announced()).isTrue();
    assertThat(pulse.announced()).isFalse();
    pass(61);
    assertThat(pulse.mined(500)).isPresent();
  }

  @Test
  void whereNoneWereAskedForNoneAreMissed() {
    pass(1_000);
    assertThat(pulse.mined(5_000)).isEmpty();
  }

  @Test
  void aConnectionThatIsLostMissesNone() {
    pulse.begin();
    pulse.end();
    pass(61);
    assertThat(pulse.mined(500)).isEmpty();
    pulse.begin();
    pass(61);
    assertThat(pulse.mined(500)).isPresent();
  }
}
