package io.tocsin.app;

import io.tocsin.base.Address;
import io.tocsin.base.MalformedException;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.SignedRoster;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proposes the roster of the next epoch. */
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    description = "Propose the next roster; a quorum of the present one signs it afterwards.",
    footer = {
      "",
      "Members stay unless removed; --add replaces the record of a member that is there already."
          + " Revoked members are left out.",
      "",
      "Examples:",
      "  tocsin roster rotate federation.json --add elm.json --delay PT24H",
      "  tocsin roster rotate federation.json --remove 0xab…cd",
    })
final class RosterRotateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The federation file; it is replaced.")
  private Path file = Path.of("");

  @Option(names = "--add", paramLabel = "FILE", description = "A member's record; repeat it.")
  private List<Path> added = new ArrayList<>();

  @Option(names = "--remove", paramLabel = "ACCOUNT", description = "A member; repeat it.")
  private List<String> removed = new ArrayList<>();

  @Option(
      names = "--delay",
      paramLabel = "DURATION",
      defaultValue = "PT24H",
      description =
          "When it takes effect; guardians' owners may refuse it until then (default: PT24H).")
  private String delay = "PT24H";

  @Option(
      names = "--valid-for",
      paramLabel = "DURATION",
      defaultValue = "P365D",
      description = "How long it is in force (default: P365D).")
  private String validFor = "P365D";

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    FederationFile federation = FileText.federation(file);
    Rosters rosters =
        switch (RosterCommand.load(file, federation)) {
          case FederationFile.Loaded.Standing standing when standing.proposal().isEmpty() ->
              standing.rosters();
          case FederationFile.Loaded.Standing _, FederationFile.Loaded.Founding _ ->
              throw CommandException.usage(
                  file + ": its last roster still lacks signatures; sign that one first");
        };
    Roster latest = rosters.latest().roster();
    Roster next =
        RosterCommand.roster(
            latest.epoch() + 1,
            latest.hash(),
            RosterCommand.term(
                Instant.now().plus(RosterCommand.duration("--delay", delay)),
                RosterCommand.duration("--valid-for", validFor)),
            members(rosters, latest));
    FederationFile proposal = federation.withNext(new SignedRoster(next, List.of()));
    FileText.replace(file, federation, proposal);
    RosterCommand.describe(output.text(), next);
    output
        .text()
        .println(
            "It is a proposal: nodes neither use nor send it until a quorum of epoch "
                + latest.epoch()
                + " signed it: tocsin roster sign "
                + file);
    output.json(RosterCommand.summary(proposal));
    return ExitCode.DONE;
  }

  private List<Member> members(Rosters rosters, Roster latest) {
    Map<Address, Member> members = new LinkedHashMap<>();
    latest.members().stream()
        .filter(member -> !rosters.revoked(member.account()))
        .forEach(member -> members.put(member.account(), member));
    for (String text : removed) {
      try {
        if (members.remove(Address.parse(text)) == null) {
          throw CommandException.usage("--remove: " + text + " is no member");
        }
      } catch (MalformedException e) {
        throw CommandException.usage("--remove: " + e.getMessage());
      }
    }
    for (Path record : added) {
      Member member = RosterCommand.member(record);
      if (rosters.revoked(member.account())) {
        throw CommandException.usage(record + ": its key is revoked; it needs a new one");
      }
      members.put(member.account(), member);
    }
    return List.copyOf(members.values());
  }
}
