package io.tocsin.detect.evaluate;

import static io.tocsin.detect.evaluate.Cases.clean;
import static io.tocsin.detect.evaluate.Cases.found;
import static io.tocsin.detect.evaluate.Cases.judged;
import static io.tocsin.detect.evaluate.Cases.unjudged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class EvaluationTest {
  private static final Evaluation.Reading READ =
      new Evaluation.Reading(List.of("benign/1.json: torn"), List.of("a note"));

  private static List<Judged> some() {
    return List.of(
        judged(false, "2021-03-01", "logic", found(0.9, "value-conservation", "reentrancy")),
        judged(false, "2021-05-01", "logic", clean()),
        judged(false, "2023-01-01", "", unjudged()),
        judged(true, "2021-01-01", "", clean()),
        judged(true, "2023-01-01", "arbitrage", found(0.2, "value-conservation")),
        judged(true, "", "", unjudged()));
  }

  @Test
  void whatWasNotAnalysedIsCountedApartAndMissed() {
    Evaluation of = Evaluation.of(some(), READ);

    assertThat(of.attacks().total()).isEqualTo(3);
    assertThat(of.attacks().alert()).isEqualTo(1);
    assertThat(of.attacks().notAnalysed()).isEqualTo(1);
    assertThat(of.attacks().naive()).isEqualTo(3);
    assertThat(of.misses()).hasSize(2);
    assertThat(of.hits()).hasSize(1);
    assertThat(of.benign().total()).isEqualTo(3);
    assertThat(of.benign().perTenThousand(of.benign().alert()))
        .isCloseTo(10_000.0 / 3, within(1e-9));
    assertThat(of.benignLarge()).isEqualTo(of.benign());
    assertThat(of.fires()).hasSize(1);
  }

  @Test
  void countsByKindYearAndChain() {
    Evaluation of = Evaluation.of(some(), READ);

    assertThat(of.byType().keySet()).containsExactly("logic", Evaluation.UNLABELLED);
    assertThat(of.byType())
        .hasEntrySatisfying("logic", found -> assertThat(found.alert()).isEqualTo(1));
    assertThat(of.byYear().keySet()).containsExactly("2021", "2023");
    assertThat(of.byChain().keySet()).containsExactly("ethereum");
    assertThat(of.benignByYear().keySet()).containsExactly("2021", "2023", Evaluation.UNLABELLED);
    assertThat(of.lookalikes().keySet()).containsExactly("arbitrage");
    assertThat(of.lookalikes())
        .hasEntrySatisfying("arbitrage", fired -> assertThat(fired.alert()).isEqualTo(1));
  }

  @Test
  void countsEachDetectorByItself() {
    List<Evaluation.Row> rows = Evaluation.of(some(), READ).detectors();

    assertThat(rows.get(0).id()).isEqualTo("value-conservation");
    assertThat(rows.get(0).attacks().alert()).isEqualTo(1);
    assertThat(rows.get(0).attacks().notAnalysed()).isEqualTo(1);
    assertThat(rows.get(0).benign().alert()).isEqualTo(1);
    assertThat(rows.get(1).id()).isEqualTo("reentrancy");
    assertThat(rows.get(1).attacks().alert()).isEqualTo(1);
    assertThat(rows.get(1).benign().alert()).isZero();
  }

  @Test
  void fitsOnWhatIsDatedUpToTheSplitAndReportsOnWhatIsLater() {
    Evaluation of = Evaluation.split(some(), READ, LocalDate.of(2021, 12, 31));
    Evaluation.Split split = of.split().orElseThrow();

    assertThat(split.before().attacks().total()).isEqualTo(2);
    assertThat(split.before().benign().total()).isEqualTo(1);
    assertThat(split.after().attacks().total()).isEqualTo(1);
    assertThat(split.after().benign().total()).isEqualTo(1);
    assertThat(split.undated()).isEqualTo(1);
    assertThat(of.calibration().steps().stream().mapToInt(Calibration.Step::transactions).sum())
        .isEqualTo(3);
    assertThat(of.reliability()).isEqualTo(split.after().reliability());
    assertThat(of.calibration().provenance().toString()).contains("2 attacks", "2021-12-31");
  }

  @Test
  void actsOnlyOnAFindingThatIsProbableEnough() {
    List<Judged> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(judged(false, "2021-01-01", "", found(0.9, "value-conservation", "reentrancy")));
      all.add(judged(i % 2 == 0, "2021-01-01", "", found(0.1, "value-conservation")));
      all.add(judged(true, "2021-01-01", "", clean()));
    }
    Evaluation of = Evaluation.split(all, READ, LocalDate.of(2021, 12, 31));

    assertThat(of.attacks().alert()).isEqualTo(60);
    assertThat(of.attacks().act()).isEqualTo(40);
    assertThat(of.benign().alert()).isEqualTo(20);
    assertThat(of.benign().act()).isZero();
  }

  @Test
  void anEmptyPartHasNoFigures() {
    Evaluation of = Evaluation.of(List.of(), new Evaluation.Reading(List.of(), List.of()));

    assertThat(of.attacks().share(0)).isZero();
    assertThat(of.millis(Judged.Nanos::scan, 0.99)).isZero();
    assertThat(of.reliability().brier()).isZero();
  }

  @Test
  void theDocumentHasEveryCountAndEveryTransaction() {
    JsonNode json = EvaluationJson.write(Evaluation.of(some(), READ));

    assertThat(json.at("/exploits/total").intValue()).isEqualTo(3);
    assertThat(json.at("/exploits/found_alert").intValue()).isEqualTo(1);
    assertThat(json.at("/exploits/found_act").isInt()).isTrue();
    assertThat(json.at("/exploits/not_analysed").intValue()).isEqualTo(1);
    assertThat(json.at("/benign/transactions").intValue()).isEqualTo(3);
    assertThat(json.at("/benign/fired_alert").intValue()).isEqualTo(1);
    assertThat(json.at("/benign/fired_act").isInt()).isTrue();
    assertThat(json.at("/benign/not_analysed").intValue()).isEqualTo(1);
    assertThat(json.at("/failed").intValue()).isEqualTo(1);
    assertThat(json.at("/by_type/logic/total").intValue()).isEqualTo(2);
    assertThat(json.at("/by_detector/0/exploits_found").intValue()).isEqualTo(1);
    assertThat(json.at("/by_detector/0/benign_fired").intValue()).isEqualTo(1);
    assertThat(json.at("/calibration/brier").isNumber()).isTrue();
    assertThat(json.at("/trace_ms/p50").doubleValue()).isEqualTo(1);
    assertThat(json.at("/trace_ms/p99").doubleValue()).isEqualTo(1);
    assertThat(json.at("/items")).hasSize(6);
    JsonNode hit = json.at("/items/0");
    assertThat(hit.get("benign").booleanValue()).isFalse();
    assertThat(hit.get("detectors")).hasSize(2);
    assertThat(hit.get("subjects").get(0).stringValue()).isEqualTo(Cases.BANK);
    assertThat(hit.get("probability").doubleValue())
        .isGreaterThan(json.at("/items/1/probability").doubleValue());
    assertThat(json.at("/items/1/reason").stringValue()).isEqualTo("a reason");
    assertThat(json.at("/items/4/findings/0/summary").isString()).isTrue();
  }
}
