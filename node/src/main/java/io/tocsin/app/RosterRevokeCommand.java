package io.tocsin.app;

import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.identity.DatedRevocation;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.RosterFault;
import io.tocsin.identity.Rosters;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Revokes the own attest key, or takes in a revocation that its owner printed. */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = "Revoke your own attest key, at once and for ever.",
    footer = {
      "",
      "A node that runs with the file takes the revocation in within seconds and sends it to all",
      "members; those who are away get it when they are back. Without a node of your own, hand the",
      "printed line to any member, who takes it in with --take.",
      "",
      "Examples:",
      "  tocsin roster revoke federation.json --keys stolen-keys",
      "  tocsin roster revoke federation.json --take 0xf85894…",
    })
final class RosterRevokeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The federation file; it is replaced.")
  private Path file = Path.of("");

  @Option(
      names = "--take",
      paramLabel = "HEX",
      description = "Take in another member's revocation instead of signing one.")
  private @Nullable String taken;

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
        taken == null
            ? keys.attest(attest -> Revocation.sign(attest, rosters.federation().domain()))
            : parse(taken);
    switch (rosters.apply(revocation)) {
      case Rosters.Change.Applied _ -> {
        DatedRevocation dated = new DatedRevocation(revocation, rosters.latest().roster().epoch());
        FederationFile next = federation.with(dated);
        FileText.replace(file, federation, next);
        output.text().println("Revoked " + revocation.account() + " in " + file + ".");
        if (next.rosters().size() < federation.rosters().size()) {
          output.text().println("The proposal in it seated this key and was taken out.");
        }
      }
      case Rosters.Change.Known _ ->
          output.text().println(revocation.account() + " was revoked before in " + file + ".");
      case Rosters.Change.Refused(RosterFault _, String detail) ->
          throw CommandException.usage(detail);
    }
    output
        .text()
        .println(
            "A node that runs with this file takes it in within seconds and sends it to all"
                + " members; those who are away get it when they are back.");
    output
        .text()
        .println(
            "If none runs, hand this line to any member, for: tocsin roster revoke FILE --take"
                + " LINE");
    output.text().println(revocation.encode());
    output
        .text()
        .println(
            "Nodes do not tell guardians on chain: tocsin guardian revoke tells each of them.");
    ObjectNode result =
        Json.object()
            .put("account", revocation.account().toString())
            .put("signature", revocation.signature().toString())
            .put("revocation", revocation.encode().toHex());
    output.json(result);
    return ExitCode.DONE;
  }

  private static Revocation parse(String hex) {
    try {
      return Revocation.decode(Bytes.parse(hex));
    } catch (MalformedException e) {
      throw CommandException.usage("--take: " + e.getMessage());
    }
  }
}
