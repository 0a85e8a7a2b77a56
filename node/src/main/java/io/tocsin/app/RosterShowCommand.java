package io.tocsin.app;

import io.tocsin.identity.DatedRevocation;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.SignedRoster;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a federation file after verifying all of it. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Verify a federation file and show its rosters.",
    footer = {"", "Example:", "  tocsin roster show federation.json"})
final class RosterShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The federation file.")
  private Path file = Path.of("");

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    FederationFile federation = FileText.federation(file);
    Optional<FederationFile.Proposal> proposal =
        RosterCommand.proposal(RosterCommand.load(file, federation));
    output.text().println("Federation " + federation.federation().id());
    for (SignedRoster signed : federation.rosters()) {
      RosterCommand.describe(output.text(), signed.roster());
      output.text().println("  " + signed.endorsements().size() + " signatures");
    }
    for (DatedRevocation revocation : federation.revocations()) {
      output.text().println("Revoked: " + revocation.account());
    }
    proposal.ifPresent(p -> output.text().println("The last roster waits: " + p.lacks()));
    output.json(RosterCommand.summary(federation).put("complete", proposal.isEmpty()));
    return proposal.isEmpty() ? ExitCode.DONE : ExitCode.NEGATIVE;
  }
}
