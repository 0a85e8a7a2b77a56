package io.tocsin.app;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.identity.Endorsement;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Roster;
import io.tocsin.identity.SignedRoster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signs the roster that waits for signatures. A member signs one roster an epoch: what was signed
 * is remembered beside the keys, because two rosters of one epoch would split the federation.
 */
@Command(
    name = "sign",
    mixinStandardHelpOptions = true,
    description = "Sign the roster that waits for signatures, or take over others' signatures.",
    footer = {
      "",
      "Examples:",
      "  tocsin roster sign federation.json",
      "  tocsin roster sign federation.json --merge from-birch.json --no-sign",
    })
final class RosterSignCommand implements Callable<Integer> {
  private static final String SIGNED = "signed-rosters.json";

  @Parameters(paramLabel = "FILE", description = "The federation file; it is replaced.")
  private Path file = Path.of("");

  @Option(
      names = "--merge",
      paramLabel = "FILE",
      description = "Take over signatures from another copy of the file; repeat it.")
  private List<Path> merge = new ArrayList<>();

  @Option(names = "--no-sign", description = "Only merge.")
  private boolean silent;

  @Mixin private KeyOptions keys = new KeyOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    FederationFile federation = FileText.federation(file);
    Optional<FederationFile.Proposal> proposal =
        RosterCommand.proposal(RosterCommand.load(file, federation));
    if (proposal.isEmpty()) {
      output.text().println("The last roster of " + file + " has all the signatures it needs.");
      output.json(RosterCommand.summary(federation));
      return ExitCode.DONE;
    }
    SignedRoster signed = merged(proposal.get().roster());
    if (!silent) {
      signed = sign(federation, signed);
    }
    FederationFile next = federation.withLast(signed);
    Optional<FederationFile.Proposal> rest = RosterCommand.proposal(RosterCommand.load(file, next));
    FileText.replace(file, federation, next);
    output
        .text()
        .println("Wrote " + file + " with " + signed.endorsements().size() + " signatures.");
    output
        .text()
        .println(
            rest.map(p -> "Still waiting: " + p.lacks())
                .orElse("Complete: the roster of epoch " + signed.roster().epoch() + " counts."));
    output
        .text()
        .println(
            rest.isPresent()
                ? "Signatures are not sent by nodes: pass the file on to the next who signs, or"
                    + " merge copies with --merge."
                : "A node that runs with this file takes it in within seconds and sends it to"
                    + " all members of the epoch before; who joins newly needs the file itself.");
    output.json(RosterCommand.summary(next).put("complete", rest.isEmpty()));
    return ExitCode.DONE;
  }

  private SignedRoster merged(SignedRoster own) {
    Map<Address, Endorsement> all = new LinkedHashMap<>();
    own.endorsements().forEach(e -> all.put(e.signer(), e));
    for (Path copy : merge) {
      SignedRoster other = FileText.federation(copy).rosters().getLast();
      if (!other.roster().hash().equals(own.roster().hash())) {
        throw CommandException.usage(
            copy + ": its last roster is another one than that of " + file);
      }
      other.endorsements().forEach(e -> all.putIfAbsent(e.signer(), e));
    }
    return new SignedRoster(own.roster(), List.copyOf(all.values()));
  }

  private SignedRoster sign(FederationFile federation, SignedRoster proposal) {
    Roster roster = proposal.roster();
    Roster voters =
        roster.epoch() == 1
            ? roster
            : federation.rosters().get(federation.rosters().size() - 2).roster();
    Address own;
    try {
      own = RosterCommand.own(keys.keyring().publicParts());
    } catch (IOException e) {
      throw CommandException.environment(FileText.reason(e));
    }
    if (voters.member(own).isEmpty()) {
      throw CommandException.usage(
          own + " has no vote on this roster: it has no seat in epoch " + voters.epoch());
    }
    remember(federation.federation().id(), roster);
    return keys.attest(attest -> proposal.endorse(attest, federation.federation().domain()));
  }

  private void remember(Hash32 federation, Roster roster) {
    Path book = keys.keyring().directory().resolve(SIGNED);
    String key = federation + "/" + roster.epoch();
    ObjectNode signed = Json.object();
    if (Files.exists(book)) {
      try {
        JsonNode document = Json.parse(FileText.read(book));
        document.properties().forEach(e -> signed.set(e.getKey(), e.getValue()));
      } catch (MalformedException e) {
        throw CommandException.environment(
            book + " with the rosters you signed is damaged: " + e.getMessage());
      }
    }
    JsonNode before = signed.get(key);
    String hash = roster.hash().toString();
    if (before != null && !before.asString().equals(hash)) {
      throw CommandException.usage(
          "you already signed another roster for epoch "
              + roster.epoch()
              + " ("
              + before.asString()
              + "); signing two could split the federation");
    }
    FileText.replace(book, Json.pretty(signed.put(key, hash)) + "\n");
  }
}
