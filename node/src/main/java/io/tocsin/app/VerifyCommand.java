package io.tocsin.app;

import io.tocsin.base.Json;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Rosters;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Verifies a file that a node wrote or received, and says what was checked. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Verify a certificate, a signed report, an attestation, a proof of equivocation, a"
            + " revocation, a federation file or a member record, and say what was checked.",
    footer = {
      "",
      "FILE holds the bytes as they are, or as 0x-prefixed hex. Exit status 1: it does not hold.",
      "",
      "Examples:",
      "  tocsin verify certificate.bin --roster federation.json",
      "  tocsin verify federation.json",
      "  tocsin verify report.hex --roster federation.json --json -",
    })
public final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "What to verify.")
  private Path file = Path.of("");

  @Option(
      names = "--roster",
      paramLabel = "FILE",
      description = "The federation file to verify against.")
  private @Nullable Path roster;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Verification verification = new Verification(rosters());
    verification.verify(FileText.read(file));
    ObjectNode document =
        Json.object()
            .put("file", file.toString())
            .put("kind", verification.kind())
            .put("valid", verification.holds());
    ArrayNode checks = document.putArray("checks");
    output.text().println(file + ": " + verification.kind());
    for (Verification.Line line : verification.lines()) {
      output.text().println((line.holds() ? "  ok    " : "  FAIL  ") + line.text());
      checks.addObject().put("check", line.text()).put("ok", line.holds());
    }
    verification.notes().forEach(note -> output.text().println("  note  " + note));
    ArrayNode notes = document.putArray("notes");
    verification.notes().forEach(notes::add);
    output.text().println(verification.holds() ? "It holds." : "It does not hold.");
    output.json(document);
    return verification.holds() ? ExitCode.DONE : ExitCode.NEGATIVE;
  }

  private @Nullable Rosters rosters() {
    if (roster == null) {
      return null;
    }
    FederationFile federation = FileText.federation(roster);
    return switch (RosterCommand.load(roster, federation)) {
      case FederationFile.Loaded.Standing(Rosters rosters, var _) -> rosters;
      case FederationFile.Loaded.Founding founding ->
          throw CommandException.usage(
              roster + ": the founding roster is not complete: " + founding.proposal().lacks());
    };
  }
}
