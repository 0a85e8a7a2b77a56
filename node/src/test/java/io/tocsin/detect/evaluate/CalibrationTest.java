package io.tocsin.detect.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tocsin.base.MalformedException;
import io.tocsin.detect.evaluate.Calibration.Sample;
import io.tocsin.detect.evaluate.Calibration.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CalibrationTest {
  private static void add(List<Sample> all, double strength, int attacks, int harmless) {
    for (int i = 0; i < attacks + harmless; i++) {
      all.add(new Sample(strength, i < attacks));
    }
  }

  @Test
  void poolsAdjacentViolators() {
    List<Sample> all = new ArrayList<>();
    add(all, 0, 1, 97);
    add(all, 1, 6, 2);
    add(all, 2, 3, 5);
    add(all, 3, 28, 0);

    Calibration fitted = Calibration.fit(all, List.of());

    assertThat(fitted.steps())
        .containsExactly(new Step(0, 1, 98), new Step(1, 9, 16), new Step(3, 28, 28));
    assertThat(fitted.probability(0)).isCloseTo(1.5 / 99, within(1e-12));
    assertThat(fitted.probability(1)).isEqualTo(fitted.probability(2.9));
    assertThat(fitted.probability(99)).isCloseTo(28.5 / 29, within(1e-12));
  }

  @Test
  void risesWhateverTheData() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200; round++) {
      List<Sample> all = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        all.add(new Sample(random.nextInt(20) / 4.0, random.nextBoolean()));
      }
      Calibration fitted = Calibration.fit(all, List.of());
      assertThat(fitted.steps().stream().mapToInt(Step::transactions).sum()).isEqualTo(60);
      assertThat(fitted.steps()).map(Step::probability).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void saysNeitherNeverNorAlways() {
    assertThat(Calibration.fit(List.of(), List.of()).probability(5)).isEqualTo(0.5);
    double sure = Calibration.fit(List.of(new Sample(3, true)), List.of()).probability(3);
    assertThat(sure).isStrictlyBetween(0.5, 1.0);
    double never = Calibration.fit(List.of(new Sample(0, false)), List.of()).probability(0);
    assertThat(never).isStrictlyBetween(0.0, 0.5);
  }

  @Test
  void readsWhatItWrote() throws MalformedException {
    List<Sample> all = new ArrayList<>();
    add(all, 0, 1, 97);
    add(all, 2.25, 3, 1);
    Calibration fitted = Calibration.fit(all, List.of("from somewhere", "by this command"));

    assertThat(Calibration.parse(fitted.write())).isEqualTo(fitted);
  }

  @Test
  void refusesTablesThatAreNone() {
    String head = "strength,attacks,transactions,probability\n";
    assertThatThrownBy(() -> Calibration.parse("0,1,2,0.5")).hasMessageContaining("line 1");
    assertThatThrownBy(() -> Calibration.parse(head)).hasMessageContaining("starts at strength 0");
    assertThatThrownBy(() -> Calibration.parse(head + "1,1,2,0.5")).hasMessageContaining("starts");
    assertThatThrownBy(() -> Calibration.parse(head + "0,3,2,0.5")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> Calibration.parse(head + "0,x,2,0.5")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> Calibration.parse(head + "0,1")).hasMessageContaining("4 cells");
    assertThatThrownBy(() -> Calibration.parse(head + "0,9,9,1\n1,0,9,0"))
        .hasMessageContaining("rise");
  }

  @Test
  void theTableThatShipsSaysWhereItComesFromAndRises() {
    assertThat(Calibration.SHIPPED.provenance()).anyMatch(l -> l.contains("tocsin evaluate"));
    assertThat(Calibration.SHIPPED.steps()).hasSizeGreaterThan(1);
    assertThat(Calibration.SHIPPED.probability(0)).isLessThan(0.1);
  }
}
