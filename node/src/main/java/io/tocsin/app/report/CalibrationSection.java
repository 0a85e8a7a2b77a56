package io.tocsin.app.report;

import static io.tocsin.app.report.Figures.count;
import static io.tocsin.app.report.Figures.percent;

import io.tocsin.detect.evaluate.Calibration;
import io.tocsin.detect.evaluate.Evaluation;
import io.tocsin.detect.evaluate.Reliability;
import java.util.List;
import java.util.Locale;

/** The part of an evaluation's page on probabilities. */
final class CalibrationSection {
  private CalibrationSection() {}

  static void write(Html page, Evaluation evaluation) {
    Reliability reliability = evaluation.reliability();
    page.element("h2", "What the probabilities are worth");
    page.element(
        "p",
        "Findings are graded by how many independent signs speak for them: the pattern of an"
            + " attack, detectors that agree, a balance lost for the greater part, several victims,"
            + " somebody made to pay, borrowed funds, a contract made for it, a moved price, a"
            + " contract that posed as another. A table turns the grade into the share of attacks"
            + " among transactions with that grade. That share holds in the mixture of attacks and"
            + " harmless transactions it was counted in; on a chain, where attacks are far rarer,"
            + " each probability is lower.");
    page.table(
        List.of("from grade", "attacks", "of transactions", "probability"),
        evaluation.calibration().steps().stream().map(CalibrationSection::step).toList());
    evaluation.calibration().provenance().forEach(l -> page.element("p", l, "class", "small"));
    page.element(
        "p",
        String.format(
            Locale.ROOT,
            "Brier score %.5f over %s transactions (0 is perfect; always saying the share of"
                + " attacks gives %.5f).",
            reliability.brier(),
            count(reliability.transactions()),
            reliability.base()));
    ReliabilityPlot.draw(page, reliability);
    page.element(
        "p",
        "Each dot is one probability: where it stands says what was said and what came of it, the"
            + " bar is the range in which the true share lies in 95 of 100 such samples.",
        "class",
        "small");
    evaluation.split().ifPresent(split -> split(page, split));
  }

  private static List<String> step(Calibration.Step step) {
    return List.of(
        String.format(Locale.ROOT, "%.2f", step.strength()),
        count(step.attacks()),
        count(step.transactions()),
        String.format(Locale.ROOT, "%.1f %%", 100 * step.probability()));
  }

  private static void split(Html page, Evaluation.Split split) {
    page.element("h3", "Fitted before, reported after " + split.until());
    page.table(
        List.of("", "attacks", "found", "share", "acting", "false alarms", "of", "Brier"),
        List.of(part("up to then", split.before()), part("later", split.after())));
    if (split.undated() > 0) {
      page.element(
          "p",
          count(split.undated()) + " transactions without a date are in neither part.",
          "class",
          "small");
    }
  }

  private static List<String> part(String name, Evaluation.Part part) {
    return List.of(
        name,
        count(part.attacks().total()),
        count(part.attacks().alert()),
        percent(part.attacks().share(part.attacks().alert())),
        count(part.attacks().act()),
        count(part.benign().alert()),
        count(part.benign().total()),
        String.format(Locale.ROOT, "%.5f", part.reliability().brier()));
  }
}
