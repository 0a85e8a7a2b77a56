package io.tocsin.app;

import io.tocsin.adapter.files.CorpusFolder;
import io.tocsin.app.report.ExplainPage;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.chain.StateReads;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.DetectorResult;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.FlashLoan;
import io.tocsin.detect.History;
import io.tocsin.detect.Role;
import io.tocsin.detect.Scan;
import io.tocsin.detect.explain.CallText;
import io.tocsin.detect.explain.Incident;
import io.tocsin.detect.explain.IncidentJson;
import io.tocsin.detect.explain.NetTable;
import io.tocsin.detect.explain.Story;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains one transaction: who did what to whom, how it is known, and what may be wrong. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Explains one transaction: what happened, what each detector says, the accounts in their"
          + " roles, flash loans, who got and paid what, prices, calls, and what may be wrong.",
      "With --html it writes one page that needs no network and no script.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 nothing found, 1 a finding or not judged, 2 usage or input, 3 environment.",
      "",
      "Examples:",
      "  tocsin explain 0x… --rpc http://your-archive-node:8545 --html incident.html",
      "  tocsin explain --trace ethereum-0x….json.gz --html incident.html"
    })
public final class ExplainCommand implements Callable<Integer> {
  private static final int LISTED = 40;

  @Parameters(
      arity = "0..1",
      paramLabel = "TX",
      description = "The hash of the transaction, read through --rpc.")
  private @Nullable String tx;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = "Where to read TX: http, https, ws, wss or ipc; may be repeated.")
  private List<String> rpc = List.of();

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "One call tree as callTracer writes it, .json or .json.gz, instead of TX.")
  private @Nullable Path trace;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write it as one self-contained page.")
  private @Nullable Path html;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Incident incident = incident(new Detectors(DetectConfig.DEFAULT));
    print(output.text(), incident);
    if (html != null) {
      Output.write(html, ExplainPage.write(incident));
    }
    output.json(IncidentJson.write(incident));
    return switch (incident.report().scan()) {
      case Scan.Clean _ -> ExitCode.DONE;
      case Scan.Found _, Scan.NotAnalysed _ -> ExitCode.NEGATIVE;
    };
  }

  private Incident incident(Detectors detectors) {
    if (trace != null) {
      if (tx != null || !rpc.isEmpty()) {
        throw CommandException.usage("--trace holds the transaction: leave out TX and --rpc");
      }
      try {
        return Incident.of(detectors, CorpusFolder.single(trace), StateReads.NONE, History.NONE);
      } catch (IOException e) {
        throw CommandException.usage("cannot read " + trace + ": " + e.getMessage());
      } catch (MalformedException e) {
        throw CommandException.usage(trace + " is no call tree: " + e.getMessage());
      }
    }
    if (tx == null || rpc.isEmpty()) {
      throw CommandException.usage("name a transaction and --rpc URL, or --trace FILE");
    }
    try (RpcReplay replay = RpcReplay.open(rpc, detectors)) {
      return replay.explain(Hash32.parse(tx));
    } catch (MalformedException e) {
      throw CommandException.usage("TX: " + e.getMessage() + "; give a transaction hash");
    }
  }

  private static void print(PrintStream out, Incident incident) {
    out.printf(
        Locale.ROOT,
        "%s: %s (probability %.1f %%)%n%n",
        incident.trace().tx(),
        incident.verdict(),
        100 * incident.probability());
    Story.of(incident).forEach(s -> out.println("  " + s));
    out.println("\nDetectors");
    incident.report().results().forEach(r -> out.println("  " + verdict(r)));
    incident.view().ifPresent(view -> print(out, view));
    Set<Integer> proof = new TreeSet<>();
    incident.report().findings().forEach(f -> proof.addAll(f.why().frames()));
    if (!proof.isEmpty() && incident.view().isPresent()) {
      Incident.View view = incident.view().get();
      out.println("\nCalls that prove it");
      limited(
          out,
          proof.stream()
              .map(f -> incident.trace().frame(f))
              .map(
                  f ->
                      "#"
                          + f.index()
                          + " "
                          + view.names().of(f.to())
                          + " "
                          + CallText.of(f, view.names()))
              .toList());
    }
    out.println("\nAssumed, and what may make this wrong");
    incident.assumptions().forEach(a -> out.println("  assumed: " + a));
    incident.gaps().forEach(g -> out.println("  " + g));
    incident.doubtful().stream()
        .filter(_ -> incident.report().scan() instanceof Scan.Found)
        .forEach(m -> m.limits().forEach(l -> out.println("  " + m.id() + ": " + l)));
  }

  private static String verdict(DetectorResult result) {
    return switch (result.scan()) {
      case Scan.Clean _ -> result.detector() + ": clean";
      case Scan.Found(var findings) ->
          result.detector() + ": found, " + findings.size() + " victim(s)";
      case Scan.NotAnalysed(String reason) -> result.detector() + ": not analysed, " + reason;
    };
  }

  private static void print(PrintStream out, Incident.View view) {
    out.println("\nAccounts");
    limited(
        out,
        view.roles().all().entrySet().stream()
            .map(
                e ->
                    e.getKey()
                        + "  "
                        + view.names().of(e.getKey())
                        + ": "
                        + e.getValue().stream().map(Role::title).collect(Collectors.joining(", ")))
            .toList());
    List<FlashLoan> loans = view.roles().loans();
    if (!loans.isEmpty()) {
      out.println("\nFlash loans");
      limited(
          out,
          loans.stream()
              .map(
                  l ->
                      view.names().of(l.lender())
                          + " lent "
                          + view.names().amount(l.asset(), l.amount())
                          + " ("
                          + l.kind().title()
                          + "), fee "
                          + l.fee()
                              .map(f -> view.names().amount(l.asset(), f))
                              .orElse("paid in another asset"))
              .toList());
    }
    out.println("\nNet");
    limited(
        out,
        NetTable.of(view).stream()
            .filter(r -> r.net().signum() != 0)
            .map(
                r ->
                    view.names().of(r.account())
                        + "  "
                        + (r.net().signum() > 0 ? "+" : "-")
                        + view.names().amount(r.asset(), r.net().abs()))
            .toList());
  }

  private static void limited(PrintStream out, List<String> lines) {
    lines.stream().limit(LISTED).forEach(l -> out.println("  " + Text.printable(l)));
    if (lines.size() > LISTED) {
      out.println("  and " + (lines.size() - LISTED) + " more; see --html or --json");
    }
  }
}
