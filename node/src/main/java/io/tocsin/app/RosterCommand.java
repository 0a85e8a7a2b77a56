package io.tocsin.app;

import io.tocsin.adapter.keys.PublicParts;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import io.tocsin.identity.RosterJson;
import io.tocsin.identity.SignedRoster;
import io.tocsin.identity.Term;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Draws up, signs and changes the rosters of a federation. */
@Command(
    name = "roster",
    mixinStandardHelpOptions = true,
    description = "Draw up, sign and change the rosters of a federation.",
    synopsisSubcommandLabel = "create | join | sign | rotate | revoke | show",
    subcommands = {
      RosterCreateCommand.class,
      RosterJoinCommand.class,
      RosterSignCommand.class,
      RosterRotateCommand.class,
      RosterRevokeCommand.class,
      RosterShowCommand.class
    },
    footer = {
      "",
      "How a federation begins:",
      "  1. each member:  tocsin roster join --operator Alder --endpoint alder.example:7700"
          + " --out alder.json",
      "  2. one of them:  tocsin roster create --member alder.json --member birch.json …"
          + " --out federation.json",
      "  3. each member:  tocsin roster sign federation.json",
      "  4. anyone:       tocsin roster show federation.json",
    })
public final class RosterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  static Member member(Path file) {
    try {
      return RosterJson.memberDocument(Json.parseForeign(FileText.read(file)));
    } catch (MalformedException e) {
      throw CommandException.usage(file + ": " + e.getMessage());
    }
  }

  static Duration duration(String option, String text) {
    try {
      Duration duration = Duration.parse(text);
      if (duration.isPositive()) {
        return duration;
      }
    } catch (DateTimeException e) {
      throw CommandException.usage(
          option + ": expected a duration such as P365D or PT24H, found " + Text.excerpt(text));
    }
    throw CommandException.usage(option + ": expected more than nothing");
  }

  static Term term(Instant from, Duration length) {
    Instant begin = from.truncatedTo(ChronoUnit.SECONDS);
    return new Term(begin, begin.plus(length.truncatedTo(ChronoUnit.SECONDS)));
  }

  static Roster roster(long epoch, Hash32 parent, Term term, List<Member> members) {
    try {
      return new Roster(epoch, parent, term, members);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("no roster can have these " + e.getMessage());
    }
  }

  static FederationFile.Loaded load(Path file, FederationFile federation) {
    try {
      return federation.load(InstantSource.system());
    } catch (MalformedException e) {
      throw CommandException.usage(file + ": " + e.getMessage());
    }
  }

  /** The proposal in {@code loaded}, or what its last roster is. */
  static Optional<FederationFile.Proposal> proposal(FederationFile.Loaded loaded) {
    return switch (loaded) {
      case FederationFile.Loaded.Standing standing -> standing.proposal();
      case FederationFile.Loaded.Founding founding -> Optional.of(founding.proposal());
    };
  }

  static Address own(PublicParts parts) {
    return parts
        .account()
        .orElseThrow(
            () ->
                CommandException.usage(
                    "there is no attest key; tocsin keys create --role attest makes one"));
  }

  static ObjectNode summary(FederationFile file) {
    SignedRoster last = file.rosters().getLast();
    ObjectNode out =
        Json.object()
            .put("federation", file.federation().id().toString())
            .put("epoch", last.roster().epoch())
            .put("roster", last.roster().hash().toString());
    ArrayNode members = out.putArray("members");
    for (Member member : last.roster().members()) {
      members
          .addObject()
          .put("account", member.account().toString())
          .put("did", member.did())
          .put("operator", member.contact().operator())
          .put("endpoint", member.contact().endpoint())
          .put("weight", member.weight())
          .put(
              "revoked",
              file.revocations().stream().anyMatch(r -> r.account().equals(member.account())));
    }
    ArrayNode signers = out.putArray("signers");
    last.endorsements().forEach(endorsement -> signers.add(endorsement.signer().toString()));
    return out;
  }

  static void describe(PrintStream out, Roster roster) {
    out.println("Epoch " + roster.epoch() + ", roster " + roster.hash());
    out.println("  in force from " + roster.term().from() + " until " + roster.term().until());
    for (Member member : roster.members()) {
      out.printf(
          "  %s  weight %d  %s at %s%n",
          member.account(),
          member.weight(),
          Text.printable(member.contact().operator()),
          member.contact().endpoint());
    }
  }
}
