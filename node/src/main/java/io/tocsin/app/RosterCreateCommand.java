package io.tocsin.app;

import io.tocsin.base.Hash32;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import io.tocsin.identity.SignedRoster;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Draws up the founding roster of a federation. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = "Draw up the founding roster; every founder signs it afterwards.",
    footer = {
      "",
      "At least four members, none with a third of the weight, no operator behind a third.",
      "",
      "Example:",
      "  tocsin roster create --member alder.json --member birch.json --member cedar.json \\",
      "    --member doum.json --out federation.json",
    })
final class RosterCreateCommand implements Callable<Integer> {
  @Option(
      names = "--member",
      required = true,
      paramLabel = "FILE",
      description = "A member's record, from tocsin roster join; repeat it.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--valid-for",
      paramLabel = "DURATION",
      defaultValue = "P365D",
      description = "How long the roster is in force (default: P365D).")
  private String validFor = "P365D";

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to write.")
  private Path out = Path.of("");

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    List<Member> members = files.stream().map(RosterCommand::member).toList();
    Roster roster =
        RosterCommand.roster(
            1,
            Hash32.ZERO,
            RosterCommand.term(Instant.now(), RosterCommand.duration("--valid-for", validFor)),
            members);
    byte[] nonce = new byte[32];
    new SecureRandom().nextBytes(nonce);
    FederationFile file =
        new FederationFile(
            Hash32.of(nonce), List.of(new SignedRoster(roster, List.of())), List.of());
    FileText.create(out, file.write());
    output.text().println("Wrote " + out + ": federation " + file.federation().id());
    RosterCommand.describe(output.text(), roster);
    output.text().println("Every founder now signs it: tocsin roster sign " + out);
    output.json(RosterCommand.summary(file));
    return ExitCode.DONE;
  }
}
