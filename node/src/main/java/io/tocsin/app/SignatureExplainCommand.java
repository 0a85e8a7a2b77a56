package io.tocsin.app;

import io.tocsin.base.Json;
import io.tocsin.detect.signature.Signature;
import io.tocsin.detect.signature.SignatureText;
import io.tocsin.detect.signature.SignatureWords;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Says in words what signatures ask for. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Reads signatures and says in words what each asks for.",
    footer = {
      "",
      "Exit status: 0 done, 2 a file is no signature, with line, column and what was expected,",
      "3 environment.",
      "",
      "Example:",
      "  tocsin signature explain attack.signature"
    })
final class SignatureExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files with signatures.")
  private List<Path> files = List.of();

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    ArrayNode list = Json.object().putArray("signatures");
    for (Signature signature : SignatureCases.signatures(files)) {
      List<String> lines = SignatureWords.of(signature);
      output.text().println(signature.name() + " (" + signature.id() + ")");
      lines.forEach(line -> output.text().println("  " + line));
      ObjectNode one = list.addObject().put("name", signature.name());
      one.put("id", signature.id().toString()).put("text", SignatureText.write(signature));
      ArrayNode words = one.putArray("words");
      lines.forEach(words::add);
    }
    ObjectNode document = Json.object();
    document.set("signatures", list);
    output.json(document);
    return ExitCode.DONE;
  }
}
