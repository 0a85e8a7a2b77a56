package io.tocsin.app;

import io.tocsin.app.report.EvaluationPage;
import io.tocsin.base.Text;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.evaluate.Evaluation;
import io.tocsin.detect.evaluate.EvaluationJson;
import io.tocsin.detect.evaluate.Examiner;
import io.tocsin.detect.evaluate.Judged;
import io.tocsin.detect.evaluate.Tally;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the detectors on a corpus of labelled transactions. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the detectors on labelled transactions: how many attacks they find, how often they"
          + " fire on harmless ones, what they could not judge, how long they take, and what their"
          + " probabilities are worth. A naive rule is measured beside them.",
      "",
      "A corpus is a directory with exploits/ or benign/ or both. A file in them is .json or"
          + " .json.gz and holds one call tree as callTracer writes it, named <chain>-<tx>, or an"
          + " array of {\"tx\", \"trace\"}. Labels are read from exploits.csv, exploits-labels.csv,"
          + " benign.csv and benign-labels.csv; tables, columns and cells may be missing.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 done, 1 a limit of --min-recall or --max-fires is not kept, 2 usage or"
          + " input,",
      "3 environment. What cannot be read is counted as failed, with its reason.",
      "",
      "Examples:",
      "  tocsin evaluate",
      "  tocsin evaluate --corpus DIR --html out.html --json out.json",
      "  tocsin evaluate --corpus DIR --until 2022-12-31 --calibration calibration.csv",
      "  tocsin evaluate --corpus DIR --min-recall 50 --max-fires 5"
    })
public final class EvaluateCommand implements Callable<Integer> {
  @Option(
      names = "--corpus",
      paramLabel = "DIR",
      description = "The corpus; without it, the one that ships with Tocsin.")
  private @Nullable Path corpus;

  @Option(
      names = "--until",
      paramLabel = "DATE",
      description =
          "Fit probabilities on what is dated up to this day (2022-12-31), and report on what came"
              + " later apart. Without it the table that ships is used.")
  private @Nullable LocalDate until;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write the result as one self-contained page.")
  private @Nullable Path html;

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description = "Also write the fitted table of probabilities; needs --until.")
  private @Nullable Path calibration;

  @Option(
      names = "--min-recall",
      paramLabel = "PERCENT",
      description = "End with status 1 if fewer of the attacks are found.")
  private double minRecall;

  @Option(
      names = "--max-fires",
      paramLabel = "N",
      description = "End with status 1 if more of 10,000 harmless transactions fire.")
  private double maxFires = 10_000;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws InterruptedException {
    if (calibration != null && until == null) {
      throw CommandException.usage("--calibration needs --until: say up to when to fit");
    }
    if (!(minRecall >= 0 && minRecall <= 100) || !(maxFires >= 0)) {
      throw CommandException.usage("--min-recall is from 0 to 100, --max-fires not negative");
    }
    Examiner examiner = new Examiner(new Detectors(DetectConfig.DEFAULT), System::nanoTime);
    Path directory = corpus == null ? CorpusRun.shipped() : corpus;
    CorpusRun<Judged> run = CorpusRun.of(directory, examiner::examine, output, "evaluating");
    Evaluation.Reading reading = new Evaluation.Reading(run.failures(), run.notes());
    Evaluation evaluation =
        until == null
            ? Evaluation.of(run.results(), reading)
            : Evaluation.split(run.results(), reading, until);
    print(output.text(), evaluation);
    if (html != null) {
      Output.write(html, EvaluationPage.write(evaluation));
    }
    if (calibration != null) {
      Output.write(calibration, evaluation.calibration().write());
    }
    output.json(EvaluationJson.write(evaluation));
    Tally attacks = evaluation.attacks();
    Tally benign = evaluation.benign();
    boolean kept =
        100 * attacks.share(attacks.alert()) >= minRecall
            && benign.perTenThousand(benign.alert()) <= maxFires;
    return kept ? ExitCode.DONE : ExitCode.NEGATIVE;
  }

  private static void print(PrintStream out, Evaluation evaluation) {
    out.printf(
        "%-22s %9s %9s %9s %12s %12s%n", "", "all", "alert", "act", "not judged", "naive rule");
    line(out, "attacks", evaluation.attacks());
    line(out, "  that move value", evaluation.moving());
    evaluation.byType().forEach((type, tally) -> line(out, "  " + type, tally));
    line(out, "harmless", evaluation.benign());
    line(out, "  of 20 frames or more", evaluation.benignLarge());
    evaluation.lookalikes().forEach((type, tally) -> line(out, "  like " + type, tally));
    evaluation
        .split()
        .ifPresent(
            split -> {
              out.println("dated up to " + split.until());
              part(out, split.before());
              out.println("dated later");
              part(out, split.after());
            });
    Tally benign = evaluation.benign();
    out.printf(
        Locale.ROOT,
        "found %.1f %% of the attacks; fired on %.1f of 10,000 harmless (acting: %.1f)%n",
        100 * evaluation.attacks().share(evaluation.attacks().alert()),
        benign.perTenThousand(benign.alert()),
        benign.perTenThousand(benign.act()));
    out.printf(
        Locale.ROOT,
        "Brier score %.5f (%.5f for whoever always says the share of attacks)%n",
        evaluation.reliability().brier(),
        evaluation.reliability().base());
    out.printf(
        Locale.ROOT,
        "scan time per trace: p50 %.3f ms, p99 %.3f ms; reading it: p50 %.3f ms, p99 %.3f ms%n",
        evaluation.millis(Judged.Nanos::scan, 0.5),
        evaluation.millis(Judged.Nanos::scan, 0.99),
        evaluation.millis(Judged.Nanos::read, 0.5),
        evaluation.millis(Judged.Nanos::read, 0.99));
    tell(out, "failed", evaluation.reading().failures());
    tell(out, "note", evaluation.reading().notes());
  }

  private static void part(PrintStream out, Evaluation.Part part) {
    line(out, "  attacks", part.attacks());
    line(out, "    that move value", part.moving());
    line(out, "  harmless", part.benign());
    out.printf(
        Locale.ROOT,
        "  Brier score %.5f (%.5f)%n",
        part.reliability().brier(),
        part.reliability().base());
  }

  private static void line(PrintStream out, String name, Tally tally) {
    out.printf(
        "%-22s %9d %9d %9d %12d %12d%n",
        Text.printable(name),
        tally.total(),
        tally.alert(),
        tally.act(),
        tally.notAnalysed(),
        tally.naive());
  }

  private static void tell(PrintStream out, String what, List<String> all) {
    all.stream().limit(20).forEach(one -> out.println(what + ": " + Text.printable(one)));
    if (all.size() > 20) {
      out.println(what + ": " + (all.size() - 20) + " more, see --json");
    }
  }
}
