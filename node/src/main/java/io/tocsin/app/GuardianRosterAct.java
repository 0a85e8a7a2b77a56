package io.tocsin.app;

import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.identity.DatedRevocation;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.Roster;
import io.tocsin.identity.SignedRoster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What a guardian is told of its federation: the next roster, and keys that count no more. */
final class GuardianRosterAct {
  private GuardianRosterAct() {}

  /** The file of the federation that {@code contract} serves. */
  private static FederationFile federation(Path file, GuardianContract contract)
      throws ChainException {
    FederationFile federation = FileText.federation(file);
    Hash32 served = contract.federation();
    if (!federation.federation().id().equals(served)) {
      throw CommandException.usage(
          file
              + ": is the file of federation "
              + federation.federation().id()
              + "; the guardian serves "
              + served);
    }
    return federation;
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description = {
        "Bring the next signed roster on chain. Any account can.",
        "",
        "A guardian refuses certificates of an epoch that it was not told of. The roster comes into"
            + " force there when the guardian's delay is over and its term has begun; bring it as"
            + " soon as it is signed. A guardian takes one roster at a time."
      },
      footer = {
        "",
        "Example:",
        "  tocsin guardian rotate 0x5fbd… --roster federation.json --rpc http://127.0.0.1:8545"
            + " --key any.json"
      })
  static final class Rotate extends GuardianAct {
    @Option(
        names = "--roster",
        required = true,
        paramLabel = "FILE",
        description = "The federation file with the signed roster.")
    private Path roster = Path.of("federation.json");

    @Override
    List<Act> acts(GuardianContract contract) throws ChainException {
      FederationFile federation = federation(roster, contract);
      long latest = contract.latestEpoch();
      if (contract.currentEpoch() != latest) {
        throw CommandException.negative(
            "the roster of epoch "
                + latest
                + " waits at the guardian until "
                + contract.epoch(latest).from()
                + "; the next one can follow after that");
      }
      FederationFile.Loaded loaded = RosterCommand.load(roster, federation);
      List<SignedRoster> signed = signed(loaded);
      for (SignedRoster next : signed) {
        Roster known = next.roster();
        if (known.epoch() == latest && !known.hash().equals(contract.epoch(latest).hash())) {
          throw CommandException.negative(
              roster + ": its roster of epoch " + latest + " is another one than the guardian's");
        }
        if (known.epoch() == latest + 1) {
          return List.of(
              new Act(
                  contract.rotate(known, votes(next)),
                  "The guardian has the roster of epoch " + known.epoch()));
        }
      }
      RosterCommand.proposal(loaded).ifPresent(this::refuse);
      if (signed.getLast().roster().epoch() < latest) {
        throw CommandException.usage(
            roster + ": the guardian is in epoch " + latest + " already; this file is older");
      }
      return List.of();
    }

    private static List<SignedRoster> signed(FederationFile.Loaded loaded) {
      return switch (loaded) {
        case FederationFile.Loaded.Standing(var rosters, var _) -> rosters.history();
        case FederationFile.Loaded.Founding(var founding) -> List.of(founding.roster());
      };
    }

    private void refuse(FederationFile.Proposal waiting) {
      throw CommandException.usage(
          roster
              + ": the roster of epoch "
              + waiting.roster().roster().epoch()
              + " lacks signatures: "
              + waiting.lacks()
              + "; see tocsin roster sign");
    }

    private static Bytes votes(SignedRoster roster) {
      return roster.endorsements().stream()
          .map(vote -> vote.signature().bytes())
          .reduce(Bytes.EMPTY, Bytes::concat);
    }

    @Override
    List<String> after(GuardianContract contract, ObjectNode document) throws ChainException {
      long latest = contract.latestEpoch();
      GuardianContract.Epoch epoch = contract.epoch(latest);
      boolean waits = contract.currentEpoch() != latest;
      document.put("epoch", latest).put("from", epoch.from().toString()).put("in_force", !waits);
      return List.of(
          waits
              ? "It comes into force there at "
                  + epoch.from()
                  + "; until then the owner can refuse it with veto-roster."
              : "The guardian is in epoch " + latest + ", the newest in " + roster + ".");
    }
  }

  @Command(
      name = "veto-roster",
      mixinStandardHelpOptions = true,
      description = "Refuse the roster that waits, for ever. Only the owner can.",
      footer = {
        "",
        "Example:",
        "  tocsin guardian veto-roster 0x5fbd… --rpc http://127.0.0.1:8545 --key owner.json"
      })
  static final class VetoRoster extends GuardianAct {
    @Override
    List<Act> acts(GuardianContract contract) throws ChainException {
      return List.of(
          new Act(
              contract.vetoRoster(),
              "The roster of epoch " + contract.latestEpoch() + " is refused for ever"));
    }
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = {
        "Take a member's key its weight at the guardian, on that member's own word. Any account"
            + " can.",
        "",
        "With --roster, every revocation of the federation file that the guardian lacks."
      },
      footer = {
        "",
        "Examples:",
        "  tocsin guardian revoke 0x5fbd… --roster federation.json --rpc http://127.0.0.1:8545"
            + " --key any.json",
        "  tocsin guardian revoke 0x5fbd… --revocation 0xf858… --rpc http://127.0.0.1:8545"
            + " --key any.json"
      })
  static final class Revoke extends GuardianAct {
    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    private static final class Source {
      @Option(
          names = "--revocation",
          required = true,
          paramLabel = "HEX",
          description = "The line that tocsin roster revoke printed.")
      private @Nullable String line;

      @Option(
          names = "--roster",
          required = true,
          paramLabel = "FILE",
          description = "The federation file with revocations.")
      private @Nullable Path roster;
    }

    @Override
    List<Act> acts(GuardianContract contract) throws ChainException {
      List<Act> acts = new ArrayList<>();
      for (Revocation revocation : revocations(contract)) {
        Address member = revocation.account();
        if (!contract.revoked(member)) {
          acts.add(
              new Act(
                  contract.revoke(member, revocation.signature()),
                  "The key of " + member + " counts nothing at the guardian any more"));
        }
      }
      return acts;
    }

    private List<Revocation> revocations(GuardianContract contract) throws ChainException {
      if (source.roster != null) {
        return federation(source.roster, contract).revocations().stream()
            .map(DatedRevocation::revocation)
            .toList();
      }
      try {
        return List.of(Revocation.decode(Bytes.parse(String.valueOf(source.line).strip())));
      } catch (MalformedException e) {
        throw CommandException.usage(
            "--revocation: " + e.getMessage() + "; tocsin roster revoke prints the line");
      }
    }

    @Override
    List<String> after(GuardianContract contract, ObjectNode document) {
      return document.path("transactions").isEmpty()
          ? List.of("The guardian knows every revocation already.")
          : List.of();
    }
  }
}
