package io.tocsin.app.report;

import static io.tocsin.app.report.Figures.count;
import static io.tocsin.app.report.Figures.outOf;
import static io.tocsin.app.report.Figures.percent;
import static io.tocsin.app.report.Figures.rate;

import io.tocsin.detect.Detector;
import io.tocsin.detect.DetectorResult;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Scan;
import io.tocsin.detect.evaluate.Evaluation;
import io.tocsin.detect.evaluate.Judged;
import io.tocsin.detect.evaluate.Label;
import io.tocsin.detect.evaluate.Tally;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** An evaluation as one page for people who have never seen the product. */
public final class EvaluationPage {
  /** Of a long list, so many are on the page; the rest is in the JSON. */
  private static final int LISTED = 1_000;

  private static final List<String> RECALL =
      List.of("", "attacks", "found", "share", "acting", "not judged", "naive rule");

  private final Evaluation evaluation;
  private final Html page = new Html("Tocsin: detection measured", EvaluationStyle.CSS);

  private EvaluationPage(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  /** The whole page. */
  public static String write(Evaluation evaluation) {
    return new EvaluationPage(evaluation).page();
  }

  private String page() {
    head();
    cards();
    reading();
    comparison();
    detectors();
    recall();
    CalibrationSection.write(page, evaluation);
    harmless();
    missed();
    hits();
    data();
    return page.finish();
  }

  private void head() {
    page.element("h1", "How well Tocsin’s detectors find attacks on contracts");
    page.element(
        "p",
        "A transaction that robs a contract leaves a trace: who called whom, with what, and what"
            + " moved. Tocsin reads that trace and says who lost what to whom, that it found"
            + " nothing, or that it could not judge. This page counts its answers on "
            + count(evaluation.attacks().total())
            + " recorded attacks and "
            + count(evaluation.benign().total())
            + " harmless transactions. Anyone with the same files gets the same counts from"
            + " “tocsin evaluate”.",
        "class",
        "lead");
  }

  private void cards() {
    Tally attacks = evaluation.attacks();
    Tally moving = evaluation.moving();
    Tally benign = evaluation.benign();
    page.open("div", "class", "cards");
    card(
        outOf(attacks.alert(), attacks) + " attacks found",
        percent(attacks.share(attacks.alert()))
            + "; "
            + count(attacks.act())
            + " well enough to act on; "
            + count(attacks.notAnalysed())
            + " could not be judged and count as missed");
    card(
        outOf(moving.alert(), moving) + " where value moves",
        percent(moving.share(moving.alert()))
            + " of the attacks in whose trace any value is seen to move");
    card(
        outOf(benign.alert(), benign) + " false alarms",
        rate(benign, benign.alert())
            + " in 10,000 harmless transactions; "
            + rate(benign, benign.act())
            + " in 10,000 strong enough to act on");
    card(
        String.format(Locale.ROOT, "%.2f ms", evaluation.millis(Judged.Nanos::scan, 0.99)),
        String.format(
            Locale.ROOT,
            "99 of 100 scans take at most so long (half of them %.3f ms), after reading the trace",
            evaluation.millis(Judged.Nanos::scan, 0.5)));
    card(
        count(evaluation.reading().failures().size()) + " unreadable",
        "traces that could not be read; they are listed below");
    page.close();
  }

  private void card(String big, String small) {
    page.open("div", "class", "card").element("p", big, "class", "big").element("p", small).close();
  }

  private void reading() {
    page.element("h2", "How to read this");
    page.open("ul");
    page.element(
        "li",
        "Found: a detector names a victim in the transaction. A node alerts people on every"
            + " finding.");
    page.element(
        "li",
        String.format(
            Locale.ROOT,
            "Acting: the finding’s calibrated probability is at least %.0f %%.",
            100 * Evaluation.ACTING));
    page.element(
        "li",
        "Not judged: the trace does not show enough to say yes or no. That is never counted as"
            + " clean, and an attack that could not be judged is a missed one.");
    page.element(
        "li",
        "Naive rule: the sender’s side takes a loan for the length of the transaction or makes a"
            + " contract, and ends with a gain for which it gave nothing. It shows how far"
            + " common sense alone would get on the same transactions.");
    page.element(
        "li",
        "The traces come without the state before the transaction, and most attacks without"
            + " events. A running node has both.");
    page.close();
  }

  private void comparison() {
    Tally attacks = evaluation.attacks();
    Tally benign = evaluation.benign();
    page.element("h2", "Compared");
    page.element("h3", "On the same transactions, in the same run");
    page.table(
        List.of("", "attacks found", "share", "false alarms", "in 10,000", "precision"),
        List.of(
            compared("Tocsin", attacks.alert(), benign.alert()),
            compared("naive rule", attacks.naive(), benign.naive())));
    page.element("h3", "What others publish");
    page.element(
        "p",
        "These figures are about other data, and partly about contracts instead of transactions."
            + " They stand here for orientation; none was measured in this run.",
        "class",
        "small");
    page.table(
        List.of("system", "judges", "finds", "wrong on", "source", "repeatable"),
        PublishedFigure.ALL.stream()
            .map(
                f ->
                    List.of(
                        f.system(),
                        f.judges(),
                        f.recall(),
                        f.wrongly(),
                        f.source(),
                        f.repeatable()))
            .toList());
  }

  private List<String> compared(String who, int found, int fired) {
    Tally attacks = evaluation.attacks();
    Tally benign = evaluation.benign();
    return List.of(
        who,
        count(found),
        percent(attacks.share(found)),
        count(fired),
        rate(benign, fired),
        found + fired == 0 ? "" : percent((double) found / (found + fired)));
  }

  private void detectors() {
    page.element("h2", "Detector by detector");
    Map<String, String> titles =
        Detectors.ALL.stream()
            .map(Detector::metadata)
            .collect(Collectors.toMap(m -> m.id(), m -> m.title()));
    page.table(
        List.of("detector", "says", "attacks found", "not judged", "false alarms", "not judged"),
        evaluation.detectors().stream()
            .map(
                row ->
                    List.of(
                        row.id(),
                        titles.getOrDefault(row.id(), ""),
                        count(row.attacks().alert()),
                        count(row.attacks().notAnalysed()),
                        count(row.benign().alert()),
                        count(row.benign().notAnalysed())))
            .toList());
  }

  private void recall() {
    page.element("h2", "Attacks found");
    page.element("h3", "By root cause, as public lists name it");
    page.table(RECALL, groups(evaluation.byType()));
    page.element("h3", "By chain");
    page.table(RECALL, groups(evaluation.byChain()));
    page.element("h3", "By year");
    page.table(RECALL, groups(evaluation.byYear()));
  }

  private List<List<String>> groups(Map<String, Tally> groups) {
    List<List<String>> rows = new ArrayList<>();
    groups.forEach((key, tally) -> rows.add(row(key, tally)));
    rows.add(row("all", evaluation.attacks()));
    return rows;
  }

  private static List<String> row(String name, Tally tally) {
    return List.of(
        name,
        count(tally.total()),
        count(tally.alert()),
        percent(tally.share(tally.alert())),
        count(tally.act()),
        count(tally.notAnalysed()),
        count(tally.naive()));
  }

  private void harmless() {
    page.element("h2", "False alarms");
    List<List<String>> rows = new ArrayList<>();
    rows.add(rates("all harmless transactions", evaluation.benign()));
    rows.add(rates("of " + Evaluation.LARGE + " frames or more", evaluation.benignLarge()));
    evaluation.benignByYear().forEach((year, tally) -> rows.add(rates(year, tally)));
    evaluation.lookalikes().forEach((kind, tally) -> rows.add(rates("like " + kind, tally)));
    page.table(
        List.of(
            "",
            "transactions",
            "alerts",
            "in 10,000",
            "acting",
            "in 10,000",
            "not judged",
            "naive rule"),
        rows);
    if (evaluation.lookalikes().isEmpty()) {
      page.element(
          "p",
          "The corpus does not say which harmless transactions resemble attacks (arbitrage,"
              + " liquidations and the like), so nothing is known of confusion with them.",
          "class",
          "small");
    }
    for (Judged one : evaluation.fires().stream().limit(LISTED).toList()) {
      fire(one);
    }
  }

  private static List<String> rates(String name, Tally tally) {
    return List.of(
        name,
        count(tally.total()),
        count(tally.alert()),
        rate(tally, tally.alert()),
        count(tally.act()),
        rate(tally, tally.act()),
        count(tally.notAnalysed()),
        count(tally.naive()));
  }

  private void fire(Judged one) {
    page.element("h3", "False alarm in " + one.label().file());
    page.element("p", one.tx().toString(), "class", "hash");
    for (Finding finding : one.report().findings()) {
      page.element(
          "p",
          String.format(
              Locale.ROOT,
              "%s says that %s was robbed (probability %.1f %%). %s",
              String.join(" and ", finding.detectors()),
              finding.subject(),
              100 * evaluation.probability(one),
              finding.why().summary()));
      page.open("ul");
      for (Loss loss : finding.losses()) {
        page.element("li", "It lost " + loss.amount() + " of " + loss.asset() + share(loss) + ".");
      }
      finding.why().assumptions().forEach(a -> page.element("li", "Assumed: " + a + "."));
      page.close();
    }
  }

  private static String share(Loss loss) {
    return loss.shareOfBalance() > 0
        ? String.format(Locale.ROOT, ", %.1f %% of what it held", 100 * loss.shareOfBalance())
        : "";
  }

  private void missed() {
    page.element("h2", "Missed attacks");
    page.element(
        "p",
        "Where the trail ended, as the detectors’ own view of the trace has it. The reason is"
            + " worked out from the trace, not written by a person.");
    page.table(
        List.of("date", "name", "kind", "chain", "frames", "why nothing was found", "transaction"),
        evaluation.misses().stream().limit(LISTED).map(one -> listed(one, one.remark())).toList());
  }

  private void hits() {
    page.open("details").element("summary", "Attacks that were found");
    page.table(
        List.of("date", "name", "kind", "chain", "frames", "found by", "transaction"),
        evaluation.hits().stream()
            .limit(LISTED)
            .map(
                one ->
                    listed(
                        one,
                        one.report().results().stream()
                            .filter(r -> r.scan() instanceof Scan.Found)
                            .map(DetectorResult::detector)
                            .collect(Collectors.joining(", "))))
            .toList());
    page.close();
  }

  private static List<String> listed(Judged one, String why) {
    Label label = one.label();
    return List.of(
        label.date().map(LocalDate::toString).orElse(""),
        label.name(),
        label.kind(),
        label.chain(),
        count(one.shape().frames()),
        why,
        one.tx().toString());
  }

  private void data() {
    page.element("h2", "Data");
    list("Could not be read", evaluation.reading().failures());
    list("Labels that were not understood, or name no trace", evaluation.reading().notes());
  }

  private void list(String title, List<String> all) {
    page.element("h3", title + ": " + count(all.size()));
    page.open("ul");
    all.stream().limit(LISTED).forEach(one -> page.element("li", one));
    page.close();
  }
}
