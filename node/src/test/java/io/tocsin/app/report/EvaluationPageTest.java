package io.tocsin.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.detect.Asset;
import io.tocsin.detect.DetectorResult;
import io.tocsin.detect.Explanation;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.Severity;
import io.tocsin.detect.evaluate.Evaluation;
import io.tocsin.detect.evaluate.Judged;
import io.tocsin.detect.evaluate.Label;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EvaluationPageTest {
  private static final String EVIL = "<img src=x onerror=alert(1)>";

  private static Judged judged(boolean benign, boolean fires) {
    Scan scan =
        fires
            ? new Scan.Found(
                List.of(
                    new Finding(
                        List.of("reentrancy"),
                        Severity.HIGH,
                        Address.ZERO,
                        List.of(new Loss(Asset.NATIVE, BigInteger.TEN, 0.25)),
                        new Explanation(
                            "It paid twice.", List.of(), List.of(), List.of("a guess")))))
            : new Scan.Clean();
    return new Judged(
        Hash32.ZERO,
        new Label(benign, EVIL, Optional.of(LocalDate.of(2023, 5, 1)), EVIL, EVIL, EVIL),
        new ScanReport(scan, List.of(new DetectorResult("reentrancy", scan))),
        new Judged.Shape(25, true, false),
        new Judged.Nanos(1, 1),
        fires ? "" : "the trail ended here");
  }

  private static List<Judged> all() {
    List<Judged> all = new ArrayList<>();
    all.add(judged(false, true));
    all.add(judged(false, false));
    all.add(judged(true, true));
    all.add(judged(true, false));
    return all;
  }

  private static final Evaluation.Reading READ =
      new Evaluation.Reading(List.of("broken " + EVIL), List.of("odd " + EVIL));

  @Test
  void loadsNothingRunsNothingAndEncodesEveryText() {
    String page = EvaluationPage.write(Evaluation.split(all(), READ, LocalDate.of(2023, 1, 1)));

    assertThat(page).contains("default-src 'none'", "&lt;img src=x onerror=alert(1)&gt;");
    assertThat(page).doesNotContain("<img", "<script", "http://", "https://", " style=", "url(");
  }

  @Test
  void showsTheFiguresTheMissesAndTheFalseAlarmsWithTheirReasons() {
    String page = EvaluationPage.write(Evaluation.of(all(), READ));

    assertThat(page)
        .contains(
            "1 of 2 attacks found",
            "1 of 2 false alarms",
            "the trail ended here",
            "It paid twice.",
            "It lost 10 of native, 25.0 % of what it held.",
            "Assumed: a guess.",
            "5,000.0",
            "arXiv 2504.05509v2",
            "Brier score",
            "<svg");
  }

  @Test
  void ofAnEmptyCorpusThereIsStillAPage() {
    Evaluation.Reading nothing = new Evaluation.Reading(List.of(), List.of());

    assertThat(EvaluationPage.write(Evaluation.of(List.of(), nothing)))
        .contains("0 of 0 attacks found");
  }
}
