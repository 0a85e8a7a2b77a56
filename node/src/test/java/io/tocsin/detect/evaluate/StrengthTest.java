package io.tocsin.detect.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StrengthTest {
  @Test
  void growsWithEachSignAndTwiceWithAPattern() {
    assertThat(Strength.of(Cases.clean())).isZero();
    assertThat(Strength.of(Cases.unjudged())).isEqualTo(1);
    assertThat(Strength.of(Cases.found(0, "a"))).isEqualTo(2);
    assertThat(Strength.of(Cases.found(0.5, "a"))).isEqualTo(3);
    assertThat(Strength.of(Cases.found(0.5, "a", "b"))).isEqualTo(6);
  }
}
