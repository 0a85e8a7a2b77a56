package io.tocsin.app;

import io.tocsin.base.Json;
import io.tocsin.identity.DatedRevocation;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.RosterFault;
import io.tocsin.identity.Rosters;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Revokes the own attest key. */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = "Revoke your own attest key, at once and for ever.",
    footer = {"", "Example:", "  tocsin roster revoke federation.json --keys stolen-keys"})
final class RosterRevokeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The federation file; it is replaced.")
  private Path file = Path.of("");

  @Mixin private KeyOptions keys = new KeyOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    FederationFile federation = FileText.federation(file);
    Rosters rosters =
        switch (RosterCommand.load(file, federation)) {
          case FederationFile.Loaded.Standing(Rosters standing, var _) -> standing;
          case FederationFile.Loaded.Founding _ ->
              throw CommandException.usage(file + ": the federation is not founded yet");
        };
    Revocation revocation =
        keys.attest(attest -> Revocation.sign(attest, rosters.federation().domain()));
    switch (rosters.apply(revocation)) {
      case Rosters.Change.Applied _ -> {
        DatedRevocation dated = new DatedRevocation(revocation, rosters.latest().roster().epoch());
        FileText.replace(file, federation.with(dated).write());
        output.text().println("Revoked " + revocation.account() + " in " + file + ".");
        output.text().println("Send the file, or the line below, to every member:");
      }
      case Rosters.Change.Known _ ->
          output.text().println(revocation.account() + " was revoked before:");
      case Rosters.Change.Refused(RosterFault _, String detail) ->
          throw CommandException.usage(detail);
    }
    output.text().println(revocation.encode());
    ObjectNode result =
        Json.object()
            .put("account", revocation.account().toString())
            .put("revocation", revocation.encode().toHex());
    output.json(result);
    return ExitCode.DONE;
  }
}
