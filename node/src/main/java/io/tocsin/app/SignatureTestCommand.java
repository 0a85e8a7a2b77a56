package io.tocsin.app;

import io.tocsin.adapter.files.FamilyTable;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.detect.signature.Course;
import io.tocsin.detect.signature.Derivation;
import io.tocsin.detect.signature.FamilyTrial;
import io.tocsin.detect.signature.Signature;
import io.tocsin.detect.signature.SignatureSet;
import io.tocsin.detect.signature.SignatureSet.Budget;
import io.tocsin.detect.signature.SignatureText;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tests signatures on harmless transactions, or what they are worth on families of attacks. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Tests signatures on harmless transactions: one that matches any, or cannot be judged on any,"
          + " must not be shared.",
      "With --families: derives a signature from the first incident of each family alone, and looks"
          + " for it in the later incidents, in all other attacks, and in harmless transactions.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 all are silent on harmless transactions, 1 one is not, 2 usage or input,",
      "3 environment.",
      "",
      "Examples:",
      "  tocsin signature test FILE",
      "  tocsin signature test FILE --corpus DIR --json result.json",
      "  tocsin signature test --families corpus/families.csv --corpus DIR"
    })
final class SignatureTestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Files with signatures.", arity = "0..*")
  private List<Path> files = List.of();

  @Option(
      names = "--corpus",
      paramLabel = "DIR",
      description = "Measure on this corpus; without it, on the one that ships with Tocsin.")
  private @Nullable Path corpus;

  @Option(
      names = "--families",
      paramLabel = "FILE",
      description = "A table with family and tx, oldest first; instead of signatures.")
  private @Nullable Path families;

  @Option(
      names = "--benign",
      paramLabel = "DIR",
      description =
          "With --families: derive against the harmless transactions of this corpus; without it,"
              + " against those that ship, lookalikes included.")
  private @Nullable Path benign;

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "With --families: derive at most N signatures of one attack (3).")
  private int most = 3;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws InterruptedException {
    if (files.isEmpty() == (families == null)) {
      throw CommandException.usage("name files with signatures, or --families FILE, and not both");
    }
    if (benign != null && families == null) {
      throw CommandException.usage("--benign goes with --families: it is what to derive against");
    }
    Path directory = corpus == null ? CorpusRun.shipped() : corpus;
    return families == null
        ? harmless(SignatureCases.signatures(files), directory)
        : families(families, directory);
  }

  private int harmless(List<Signature> signatures, Path directory) throws InterruptedException {
    SignatureCases cases = SignatureCases.of(directory, output);
    SignatureSet set = new SignatureSet(signatures, Budget.DEFAULT);
    List<List<Hash32>> fired = new ArrayList<>();
    List<List<Hash32>> unjudged = new ArrayList<>();
    signatures.forEach(
        _ -> {
          fired.add(new ArrayList<>());
          unjudged.add(new ArrayList<>());
        });
    for (FamilyTrial.Case one : cases.benign()) {
      SignatureSet.Answer answer = set.match(one.course());
      answer.hits().forEach(h -> fired.get(signatures.indexOf(h.signature())).add(one.tx()));
      answer.unjudged().forEach(u -> unjudged.get(signatures.indexOf(u.signature())).add(one.tx()));
    }
    ObjectNode document = document(cases);
    ArrayNode list = document.putArray("signatures");
    boolean silent = true;
    for (int i = 0; i < signatures.size(); i++) {
      silent &= fired.get(i).isEmpty() && unjudged.get(i).isEmpty();
      output
          .text()
          .printf(
              "%s: %d of %d harmless transactions match, %d not judged%n",
              signatures.get(i).name(),
              fired.get(i).size(),
              cases.benign().size(),
              unjudged.get(i).size());
      fired.get(i).stream().limit(20).forEach(tx -> output.text().println("  " + tx));
      ObjectNode one = list.addObject().put("name", signatures.get(i).name());
      one.put("id", signatures.get(i).id().toString());
      hashes(one.putArray("benign_fired"), fired.get(i));
      hashes(one.putArray("benign_not_analysed"), unjudged.get(i));
    }
    tell(cases);
    output.json(document);
    return silent ? ExitCode.DONE : ExitCode.NEGATIVE;
  }

  private int families(Path table, Path directory) throws InterruptedException {
    Map<String, List<Hash32>> all;
    try {
      all = FamilyTable.parse(String.valueOf(table.getFileName()), FileText.read(table));
    } catch (MalformedException e) {
      throw CommandException.usage(e.getMessage() + "; mend the table");
    }
    SignatureCases cases = SignatureCases.of(directory, output);
    List<Course> quiet = SignatureCases.harmless(benign, output);
    FamilyTrial trial =
        new FamilyTrial(
            new Derivation(quiet, Budget.DEFAULT, most), cases.benign(), Budget.DEFAULT);
    List<FamilyTrial.Row> rows = trial.run(all, cases.attacks());
    print(output.text(), rows, cases);
    tell(cases);
    ObjectNode document = document(cases);
    ArrayNode list = document.putArray("families");
    rows.forEach(row -> json(list.addObject(), row));
    output.json(document);
    boolean silent = rows.stream().allMatch(r -> r.fires().benign().isEmpty());
    return silent ? ExitCode.DONE : ExitCode.NEGATIVE;
  }

  private static void print(PrintStream out, List<FamilyTrial.Row> rows, SignatureCases cases) {
    out.printf(
        "%-22s %7s %7s %10s %12s %15s%n",
        "family", "later", "caught", "not judged", "benign fires", "other attacks");
    int later = 0;
    int caught = 0;
    int fires = 0;
    for (FamilyTrial.Row row : rows) {
      later += row.caught().total();
      caught += row.caught().matched().size();
      fires += row.fires().benign().size();
      out.printf(
          "%-22s %7d %7d %10d %12d %15d%s%n",
          row.family(),
          row.caught().total(),
          row.caught().matched().size(),
          row.caught().unjudged().size(),
          row.fires().benign().size(),
          row.fires().others(),
          !row.signatures().isEmpty() ? "" : "  no signature: " + row.reason());
    }
    out.printf(
        Locale.ROOT,
        "%d families: %d of %d later incidents caught (%.0f %%); %d fires on %d harmless"
            + " transactions%n",
        rows.size(),
        caught,
        later,
        later == 0 ? 0 : 100.0 * caught / later,
        fires,
        cases.benign().size());
  }

  private static void json(ObjectNode out, FamilyTrial.Row row) {
    out.put("family", row.family());
    ArrayNode texts = out.putArray("signatures");
    row.signatures().forEach(s -> texts.add(SignatureText.write(s)));
    if (row.signatures().isEmpty()) {
      out.put("reason", row.reason());
    }
    hashes(out.putArray("caught"), row.caught().matched());
    hashes(out.putArray("missed"), row.caught().missed());
    hashes(out.putArray("not_analysed"), row.caught().unjudged());
    hashes(out.putArray("benign_fired"), row.fires().benign());
    out.put("benign_not_analysed", row.fires().benignUnjudged());
    out.put("other_attacks", row.fires().others());
    hashes(out.putArray("without_trace"), row.missing());
  }

  private static ObjectNode document(SignatureCases cases) {
    ObjectNode document = Json.object();
    document.put("attacks", cases.attacks().size()).put("benign", cases.benign().size());
    document.put("reverted", cases.failed()).put("refused", cases.refused());
    ArrayNode failures = document.putArray("failures");
    cases.failures().forEach(failures::add);
    return document;
  }

  private static void hashes(ArrayNode out, List<Hash32> all) {
    all.forEach(tx -> out.add(tx.toString()));
  }

  private void tell(SignatureCases cases) {
    output
        .text()
        .printf(
            "%d transactions failed on the chain and were left out, %d were refused%n",
            cases.failed(), cases.refused());
    cases.failures().stream()
        .limit(20)
        .forEach(f -> output.text().println("failed: " + Text.printable(f)));
  }
}
