package io.tocsin.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.expression.Condition.Answer;
import io.tocsin.expression.Condition.Compiled;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConditionTest {
  private static final Vocabulary VOCABULARY =
      new Vocabulary(
          Map.of(
              "claim.kind", Vocabulary.Type.TEXT,
              "claim.age", Vocabulary.Type.INTEGER,
              "estimate.usd", Vocabulary.Type.NUMBER,
              "own.certain", Vocabulary.Type.BOOLEAN,
              "own.detectors", Vocabulary.Type.TEXTS));
  private static final Map<String, Object> FACTS =
      Map.of(
          "claim.kind",
          "ExploitMined",
          "claim.age",
          12L,
          "estimate.usd",
          2.5e6,
          "own.certain",
          true,
          "own.detectors",
          List.of("reentrancy", "price-dislocation"));

  private static Condition compiled(String source) {
    if (Condition.compile(source, VOCABULARY) instanceof Compiled.Ready(Condition condition)) {
      return condition;
    }
    throw new AssertionError(source + " does not compile");
  }

  private static List<Condition.Fault> faults(String source) {
    if (Condition.compile(source, VOCABULARY) instanceof Compiled.Faulty(var faults)) {
      return faults;
    }
    throw new AssertionError(source + " compiles");
  }

  @Test
  void saysYesAndNo() {
    String source =
        "claim.kind == 'ExploitMined' && estimate.usd > 1000000.0 && claim.age < 60"
            + " && own.detectors.exists(d, d == 'reentrancy')";
    assertThat(compiled(source).ask(FACTS)).isEqualTo(new Answer.Yes());
    Map<String, Object> other = new HashMap<>(FACTS);
    other.put("claim.age", 61L);
    assertThat(compiled(source).ask(other)).isEqualTo(new Answer.No());
  }

  @Test
  void comparesWholeAndFractionalNumbers() {
    assertThat(compiled("estimate.usd > 100").ask(FACTS)).isEqualTo(new Answer.Yes());
  }

  @Test
  void refusesUnknownVariableWithItsPosition() {
    var fault = faults("own.certain &&\n  estimate.eur > 1.0").getFirst();
    assertThat(fault.line()).isEqualTo(2);
    assertThat(fault.column()).isGreaterThan(1);
    assertThat(fault.message()).contains("undeclared reference");
  }

  @Test
  void refusesTypeErrorsAndNonBooleans() {
    assertThat(faults("claim.kind > 3")).isNotEmpty();
    assertThat(faults("claim.age")).isNotEmpty();
    assertThat(faults("own.certain &&")).isNotEmpty();
    assertThat(faults("")).isNotEmpty();
  }

  @Test
  void refusesWhatCouldGrow() {
    assertThat(faults("claim.kind + claim.kind == ''")).isNotEmpty();
    assertThat(faults("(own.detectors + own.detectors).size() > 1")).isNotEmpty();
    assertThat(faults("['a'].map(x, x + x).size() == 1")).isNotEmpty();
  }

  @Test
  void refusesLongAndDeepSources() {
    assertThat(faults("own.certain" + " && own.certain".repeat(200))).isNotEmpty();
    assertThat(faults("(".repeat(300) + "own.certain" + ")".repeat(300))).isNotEmpty();
  }

  @Test
  void stopsNestedLoops() {
    Map<String, Object> many = new HashMap<>(FACTS);
    many.put("own.detectors", Collections.nCopies(100, "x"));
    Condition nested =
        compiled(
            "own.detectors.all(a, own.detectors.all(b, own.detectors.all(c, a == b && b == c)))");
    assertThat(nested.ask(many))
        .isInstanceOfSatisfying(
            Answer.Failed.class, failed -> assertThat(failed.reason()).contains("Iteration"));
  }

  @Test
  void failsOnEvaluationErrorInsteadOfThrowing() {
    assertThat(compiled("1 / (claim.age - 12) > 0").ask(FACTS)).isInstanceOf(Answer.Failed.class);
    assertThat(compiled("own.detectors[5] == ''").ask(FACTS)).isInstanceOf(Answer.Failed.class);
  }

  @Test
  void failsOnInputsOutsideTheBounds() {
    Condition condition = compiled("own.certain");
    Map<String, Object> absent = new HashMap<>(FACTS);
    absent.remove("claim.kind");
    assertThat(condition.ask(absent)).isInstanceOf(Answer.Failed.class);
    Map<String, Object> wide = new HashMap<>(FACTS);
    wide.put("own.detectors", Collections.nCopies(101, "x"));
    assertThat(condition.ask(wide)).isInstanceOf(Answer.Failed.class);
    Map<String, Object> mistyped = new HashMap<>(FACTS);
    mistyped.put("estimate.usd", 1L);
    assertThat(condition.ask(mistyped)).isInstanceOf(Answer.Failed.class);
    Map<String, Object> longText = new HashMap<>(FACTS);
    longText.put("claim.kind", "x".repeat(257));
    assertThat(condition.ask(longText)).isInstanceOf(Answer.Failed.class);
  }

  @Test
  void boundsRegularExpressions() {
    assertThat(compiled("claim.kind.matches('^Exploit.*')").ask(FACTS)).isEqualTo(new Answer.Yes());
    assertThat(compiled("claim.kind.matches('(a{100}){100}')").ask(FACTS))
        .isInstanceOf(Answer.Failed.class);
  }
}
