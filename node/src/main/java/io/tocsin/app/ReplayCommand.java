package io.tocsin.app;

import io.tocsin.adapter.files.CorpusFolder;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.FindingJson;
import io.tocsin.detect.History;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.evaluate.Retrospect;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs the detectors over recorded transactions. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the detectors over recorded transactions.",
      "Without an option: over the corpus that ships with Tocsin.",
      "With --watch: over the past of your own contracts, to see what would have fired, how much"
          + " earlier than a loss, and what pauses would have cost."
    },
    footer = {
      "",
      "Exit status: 0 done, 1 a finding (not with a corpus) or one transaction not judged,",
      "2 usage or input, 3 environment.",
      "",
      "Examples:",
      "  tocsin replay",
      "  tocsin replay --corpus corpus --json figures.json",
      "  tocsin replay --trace trace.json.gz",
      "  tocsin replay --block 19771059 --rpc http://127.0.0.1:8545",
      "  tocsin replay --tx 0x… --rpc ws://127.0.0.1:8546",
      "  tocsin replay --watch 0x… 0x… --from-block 19771000 --to-block 19772000 \\",
      "      --rpc http://127.0.0.1:8545 --html past.html"
    })
public final class ReplayCommand implements Callable<Integer> {
  /** What to replay: exactly one of these. */
  static final class Input {
    @Option(
        names = "--corpus",
        paramLabel = "DIR",
        description = "A directory with exploits/*.json.gz and benign/*.json.gz.")
    private @Nullable Path corpus;

    @Option(
        names = "--trace",
        paramLabel = "FILE",
        description = "One call tree as callTracer writes it, .json or .json.gz.")
    private @Nullable Path trace;

    @Option(
        names = "--block",
        paramLabel = "N",
        description = "Every transaction of this block, read through --rpc.")
    private @Nullable Long block;

    @Option(names = "--tx", paramLabel = "HASH", description = "One transaction, read by --rpc.")
    private @Nullable String tx;
  }

  @ArgGroup private @Nullable Input input;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = "Where to read --block or --tx: http, https, ws, wss or ipc; may be repeated.")
  private List<String> rpc = List.of();

  @Mixin private PastOptions past = new PastOptions();

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws InterruptedException {
    Input chosen = input;
    if (past.asked()) {
      return past(chosen);
    }
    if (past.given()) {
      throw CommandException.usage(
          "--from-block, --to-block, --attack, --progress and --html need --watch: name contracts");
    }
    if (chosen != null && (chosen.block != null || chosen.tx != null)) {
      return live(chosen.block, chosen.tx);
    }
    if (!rpc.isEmpty()) {
      throw CommandException.usage("--rpc needs --block or --tx: name what to read");
    }
    if (chosen != null && chosen.trace != null) {
      return one(chosen.trace);
    }
    Path directory = chosen != null && chosen.corpus != null ? chosen.corpus : CorpusRun.shipped();
    Detectors detectors = new Detectors(DetectConfig.DEFAULT);
    CorpusRun<CorpusFigures.Scanned> run =
        CorpusRun.of(directory, l -> CorpusFigures.Scanned.of(detectors, l), output, "replaying");
    CorpusFigures figures = new CorpusFigures();
    run.results().forEach(figures::add);
    run.failures().forEach(figures::fault);
    figures.print(output.text());
    output.json(figures.json());
    return ExitCode.DONE;
  }

  private int past(@Nullable Input other) {
    if (other != null || rpc.isEmpty()) {
      throw CommandException.usage("--watch needs --rpc, and nothing else to replay");
    }
    past.to();
    Retrospect.Rules rules = past.rules();
    Detectors detectors = new Detectors(DetectConfig.DEFAULT);
    try (RpcReplay replay = RpcReplay.open(rpc, detectors)) {
      return new PastReplay(replay, detectors, rules, output, System::nanoTime).run(past);
    }
  }

  private int live(@Nullable Long block, @Nullable String tx) {
    if (rpc.isEmpty()) {
      throw CommandException.usage("--block and --tx need --rpc: say where to read");
    }
    try (RpcReplay replay = RpcReplay.open(rpc, new Detectors(DetectConfig.DEFAULT))) {
      List<RpcReplay.Scanned> all;
      if (block != null) {
        all = replay.block(block);
      } else {
        all = List.of(replay.transaction(hash(tx == null ? "" : tx)));
      }
      ObjectNode document = Json.object();
      ArrayNode transactions = document.putArray("transactions");
      int fired = 0;
      int unjudged = 0;
      for (RpcReplay.Scanned one : all) {
        boolean clean = one.report().scan() instanceof Scan.Clean;
        fired += one.report().scan() instanceof Scan.Found ? 1 : 0;
        unjudged += one.report().scan() instanceof Scan.NotAnalysed ? 1 : 0;
        if (!clean || tx != null) {
          output.text().println(one.tx());
          print(output.text(), one.report());
        }
        transactions.add(json(one.report()).put("tx", one.tx().toString()));
      }
      output
          .text()
          .printf(
              "%d transactions: %d with findings, %d not analysed%n", all.size(), fired, unjudged);
      output.json(document);
      return fired > 0 || (tx != null && unjudged > 0) ? ExitCode.NEGATIVE : ExitCode.DONE;
    }
  }

  private static Hash32 hash(String text) {
    try {
      return Hash32.parse(text);
    } catch (MalformedException e) {
      throw CommandException.usage("--tx " + e.getMessage() + "; give a transaction hash");
    }
  }

  private int one(Path file) {
    TxTrace trace;
    try {
      trace = CorpusFolder.single(file);
    } catch (IOException e) {
      throw CommandException.usage("cannot read " + file + ": " + e.getMessage());
    } catch (MalformedException e) {
      throw CommandException.usage(file + " is no call tree: " + e.getMessage());
    }
    Detectors detectors = new Detectors(DetectConfig.DEFAULT);
    ScanReport report = detectors.scan(trace, StateReads.NONE, History.NONE);
    print(output.text(), report);
    output.json(json(report));
    return switch (report.scan()) {
      case Scan.Clean _ -> ExitCode.DONE;
      case Scan.Found _, Scan.NotAnalysed _ -> ExitCode.NEGATIVE;
    };
  }

  /** The answers on one transaction, for people. */
  static void print(PrintStream out, ScanReport report) {
    switch (report.scan()) {
      case Scan.Clean _ -> out.println("Clean: no detector found anything.");
      case Scan.NotAnalysed not -> out.println("Not analysed: " + not.reason() + ".");
      case Scan.Found found -> {
        for (Finding finding : found.findings()) {
          out.printf(
              "%s  %s  by %s%n",
              finding.severity(), finding.subject(), String.join(", ", finding.detectors()));
          out.println("  " + finding.why().summary());
          for (Loss loss : finding.losses()) {
            String share =
                loss.shareOfBalance() > 0
                    ? String.format(
                        Locale.ROOT, " (%.1f %% of its balance)", 100 * loss.shareOfBalance())
                    : "";
            out.println("  lost " + loss.amount() + " of " + loss.asset() + share);
          }
          finding.why().assumptions().forEach(a -> out.println("  assumed: " + a));
          out.println("  frames " + finding.why().frames());
        }
      }
    }
  }

  /** The answers on one transaction, for machines. */
  static ObjectNode json(ScanReport report) {
    ObjectNode out = Json.object();
    switch (report.scan()) {
      case Scan.Clean _ -> out.put("scan", "clean");
      case Scan.NotAnalysed not -> out.put("scan", "not_analysed").put("reason", not.reason());
      case Scan.Found _ -> out.put("scan", "found");
    }
    ArrayNode findings = out.putArray("findings");
    report.findings().forEach(f -> findings.add(FindingJson.write(f)));
    return out;
  }
}
