package io.tocsin.detect.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tocsin.detect.evaluate.Calibration.Sample;
import io.tocsin.detect.evaluate.Calibration.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReliabilityTest {
  private static final Calibration TABLE =
      new Calibration(List.of(), List.of(new Step(0, 0, 4), new Step(2, 4, 4)));

  @Test
  void brierIsTheMeanSquareOfWhatWasOff() {
    Reliability of =
        Reliability.of(
            TABLE, List.of(new Sample(0, false), new Sample(2, true), new Sample(3, false)));

    assertThat(of.brier()).isCloseTo((0.01 + 0.01 + 0.81) / 3, within(1e-12));
    assertThat(of.base()).isCloseTo(2.0 / 9, within(1e-12));
    assertThat(of.points())
        .containsExactly(new Reliability.Point(0.1, 0, 1), new Reliability.Point(0.9, 1, 2));
  }

  @Test
  void theIntervalHoldsTheShareAndNarrowsWithNumbers() {
    Reliability.Point few = new Reliability.Point(0.5, 5, 10);
    Reliability.Point many = new Reliability.Point(0.5, 500, 1_000);

    assertThat(few.low()).isCloseTo(0.2366, within(1e-4));
    assertThat(few.high()).isCloseTo(0.7634, within(1e-4));
    assertThat(many.high() - many.low()).isLessThan(0.07);
    assertThat(new Reliability.Point(1, 3, 3).high()).isEqualTo(1);
    assertThat(new Reliability.Point(0, 0, 3).low()).isZero();
  }

  @Test
  void ofNothingThereIsNothingToSay() {
    Reliability none = Reliability.of(TABLE, List.of());

    assertThat(none.brier()).isZero();
    assertThat(none.points()).isEmpty();
  }
}
