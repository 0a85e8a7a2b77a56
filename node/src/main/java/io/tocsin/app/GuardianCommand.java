package io.tocsin.app;

import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
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
    synopsisSubcommandLabel = "deploy | status | veto | hold | let-go | ratify | lift | release",
    subcommands = {
      GuardianDeployCommand.class,
      GuardianStatusCommand.class,
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
      "  tocsin guardian status 0x5fbd… --rpc http://127.0.0.1:8545",
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
        return Address.parse(text);
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
