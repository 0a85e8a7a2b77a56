package io.tocsin.app;

import io.tocsin.base.Json;
import io.tocsin.detect.signature.Course;
import io.tocsin.detect.signature.Derivation;
import io.tocsin.detect.signature.Derivation.Derived;
import io.tocsin.detect.signature.FamilyTrial;
import io.tocsin.detect.signature.Signature;
import io.tocsin.detect.signature.SignatureSet.Budget;
import io.tocsin.detect.signature.SignatureText;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Derives signatures from attacks. */
@Command(
    name = "derive",
    mixinStandardHelpOptions = true,
    description = {
      "Derives signatures from the call tree of an attack, or what several attacks of the same kind"
          + " have in common. Each is refused unless it is silent on harmless transactions.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 done, 1 no silent signature was found, 2 usage or input, 3 environment.",
      "",
      "Examples:",
      "  tocsin signature derive attack.json.gz",
      "  tocsin signature derive first.json second.json --out attack.signature",
      "  tocsin signature derive attack.json.gz --benign DIR --most 1"
    })
final class SignatureDeriveCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "TRACE",
      arity = "1..*",
      description = "Call trees as callTracer writes them, .json or .json.gz.")
  private List<Path> traces = List.of();

  @Option(
      names = "--benign",
      paramLabel = "DIR",
      description =
          "Be silent on the harmless transactions of this corpus; without it, on those that ship,"
              + " lookalikes included.")
  private @Nullable Path benign;

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "At most N signatures, one for each way in which the attack stands out (3).")
  private int most = 3;

  @Option(names = "--out", paramLabel = "FILE", description = "Also write them to a new file.")
  private @Nullable Path out;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws InterruptedException {
    if (most < 1) {
      throw CommandException.usage("--most is at least 1");
    }
    List<FamilyTrial.Case> attacks = traces.stream().map(SignatureCases::single).toList();
    List<Course> quiet = SignatureCases.harmless(benign, output);
    List<Course> courses = attacks.stream().map(FamilyTrial.Case::course).toList();
    Derived derived =
        new Derivation(quiet, Budget.DEFAULT, most).derive(courses, attacks.getFirst().subjects());
    return switch (derived) {
      case Derived.Refused(String reason) -> {
        output.text().println("No signature: " + reason + ".");
        output.json(Json.object().put("reason", reason).put("benign", quiet.size()));
        yield ExitCode.NEGATIVE;
      }
      case Derived.Ready(List<Signature> signatures) -> ready(signatures, quiet.size());
    };
  }

  private int ready(List<Signature> signatures, int silent) {
    String text = signatures.stream().map(SignatureText::write).collect(Collectors.joining("\n"));
    output.text().print(text);
    output.text().println("# silent on " + silent + " harmless transactions");
    if (out != null) {
      FileText.create(out, text);
    }
    ObjectNode document = Json.object().put("benign", silent);
    ArrayNode list = document.putArray("signatures");
    for (Signature signature : signatures) {
      list.addObject()
          .put("name", signature.name())
          .put("id", signature.id().toString())
          .put("text", SignatureText.write(signature));
    }
    output.json(document);
    return ExitCode.DONE;
  }
}
