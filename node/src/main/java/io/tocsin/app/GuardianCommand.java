package io.tocsin.app;

import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.adapter.files.Fault;
import io.tocsin.adapter.files.MandateFile;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Rosters;
import io.tocsin.policy.Protection;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Deploys guardians, shows them, and does what their owner may do. */
@Command(
    name = "guardian",
    mixinStandardHelpOptions = true,
    description = {
      "Deploy a guardian, show it, and use its owner's rights.",
      "",
      "A trip is never offered here: only a running node pulls a lever, on a certificate or on its"
          + " own sighting."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      GuardianDeployCommand.class,
      GuardianStatusCommand.class,
      GuardianRosterAct.Rotate.class,
      GuardianRosterAct.VetoRoster.class,
      GuardianRosterAct.Revoke.class,
      GuardianMandateAct.Propose.class,
      GuardianMandateAct.Narrow.class,
      GuardianMandateAct.RemoveCaller.class,
      GuardianAct.Veto.class,
      GuardianAct.Hold.class,
      GuardianAct.LetGo.class,
      GuardianAct.Ratify.class,
      GuardianAct.Lift.class,
      GuardianAct.Release.class
    },
    footer = {
      "",
      "Examples:",
      "  tocsin guardian deploy --mandates birch.yaml --roster federation.json"
          + " --rpc http://127.0.0.1:8545 --key owner.json",
      "  tocsin guardian status 0x5fbd… --roster federation.json --rpc http://127.0.0.1:8545",
      "  tocsin guardian rotate 0x5fbd… --roster federation.json --rpc http://127.0.0.1:8545"
          + " --key any.json",
      "  tocsin guardian COMMAND --help"
    })
public final class GuardianCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  /** The address in {@code text}, which may name the chain too. */
  static Address address(String what, String text, ChainAccess access) {
    try {
      if (text.startsWith("0x")) {
        return address(what, text);
      }
      AccountId account = AccountId.parse(text);
      if (!account.chain().equals(access.chain())) {
        throw CommandException.usage(
            what + ": " + account + " is not on " + access.chain() + ", where --rpc leads");
      }
      return account.address();
    } catch (MalformedException e) {
      throw CommandException.usage(what + ": " + e.getMessage());
    }
  }

  /** The address in {@code text}. */
  static Address address(String what, String text) {
    try {
      return Address.parse(text);
    } catch (MalformedException e) {
      throw CommandException.usage(what + ": " + e.getMessage());
    }
  }

  /** The one contract that {@code mandates} describes. */
  static Protection protection(Path mandates) {
    MandateFile.Loaded loaded = MandateFile.load(mandates, InstantSource.system().instant());
    if (!loaded.faults().isEmpty()) {
      throw CommandException.usage(
          "the mandates cannot be used:\n  "
              + String.join("\n  ", loaded.faults().stream().map(Fault::toString).toList()));
    }
    if (loaded.protections().size() != 1) {
      throw CommandException.usage(
          mandates + " describes " + loaded.protections().size() + " contracts; name one file");
    }
    return loaded.protections().getFirst();
  }

  /** The rosters in {@code file}, which must be founded. */
  static Rosters rosters(Path file) {
    return switch (RosterCommand.load(file, FileText.federation(file))) {
      case FederationFile.Loaded.Standing(Rosters rosters, var _) -> rosters;
      case FederationFile.Loaded.Founding(var proposal) ->
          throw CommandException.usage(
              file + ": the founding roster is not complete: " + proposal.lacks());
    };
  }

  static GuardianContract guardian(String text, ChainAccess access) {
    return new GuardianContract(address("GUARDIAN", text, access), access);
  }

  static Hash32 mandate(String text) {
    try {
      return Hash32.parse(text);
    } catch (MalformedException e) {
      throw CommandException.usage(
          "MANDATE: " + e.getMessage() + "; tocsin guardian status shows the ids");
    }
  }
}
