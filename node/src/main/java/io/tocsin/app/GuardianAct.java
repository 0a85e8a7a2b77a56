package io.tocsin.app;

import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.adapter.contract.MinedTransaction;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.KeyPair;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a person asked of a guardian, as transactions that are carried out one after the other. */
abstract class GuardianAct implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "GUARDIAN", description = "The guardian's address.")
  private String guardian = "";

  @Mixin private ChainOptions chain = new ChainOptions();
  @Mixin private OwnerOptions owner = new OwnerOptions();
  @Mixin private Output output = new Output();
  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * One transaction.
   *
   * @param done what it did, in words
   */
  record Act(TxCall call, String done) {}

  /** What is to be done; nothing if it is done already. */
  abstract List<Act> acts(GuardianContract contract) throws ChainException;

  /** What the chain says afterwards that people should know; a sentence each. */
  List<String> after(GuardianContract contract, ObjectNode document) throws ChainException {
    return List.of();
  }

  @Override
  public Integer call() {
    return chain.open(access -> owner.key(key -> perform(access, key)));
  }

  private Integer perform(ChainAccess access, KeyPair key) throws ChainException {
    GuardianContract contract = GuardianCommand.guardian(guardian, access);
    ObjectNode document =
        Json.object().put("action", spec.name()).put("guardian", contract.account().toString());
    ArrayNode transactions = document.putArray("transactions");
    for (Act act : acts(contract)) {
      MinedTransaction mined = OwnerOptions.perform(key, access, act.call());
      output
          .text()
          .println(
              act.done()
                  + " (transaction "
                  + mined.tx()
                  + " in block "
                  + mined.block().number()
                  + ", "
                  + mined.gasUsed()
                  + ").");
      transactions
          .addObject()
          .put("done", act.done())
          .put("transaction", mined.tx().toString())
          .put("block", mined.block().number())
          .put("gas", mined.gasUsed().amount());
    }
    after(contract, document).forEach(output.text()::println);
    output.json(document);
    return ExitCode.DONE;
  }

  /** One transaction about one mandate. */
  abstract static class OfMandate extends GuardianAct {
    @Parameters(
        index = "1",
        paramLabel = "MANDATE",
        description = "The mandate's id, as guardian status shows it.")
    private String mandate = "";

    abstract Act act(GuardianContract contract, Hash32 mandate) throws ChainException;

    @Override
    final List<Act> acts(GuardianContract contract) throws ChainException {
      return List.of(act(contract, GuardianCommand.mandate(mandate)));
    }
  }

  /** One transaction about one target. */
  abstract static class OfTarget extends GuardianAct {
    @Parameters(index = "1", paramLabel = "TARGET", description = "The contract that is paused.")
    private String target = "";

    abstract Act act(GuardianContract contract, Address target);

    @Override
    final List<Act> acts(GuardianContract contract) {
      return List.of(act(contract, GuardianCommand.address("TARGET", target)));
    }
  }

  @Command(
      name = "veto",
      mixinStandardHelpOptions = true,
      description = "End a mandate for ever. Only the owner can. A pause in force still ends.",
      footer = {
        "",
        "Example:",
        "  tocsin guardian veto 0x5fbd… 0x1c2e… --rpc http://127.0.0.1:8545 --key owner.json"
      })
  static final class Veto extends OfMandate {
    @Override
    Act act(GuardianContract contract, Hash32 mandate) {
      return new Act(contract.veto(mandate), "Mandate " + mandate + " is vetoed for ever");
    }
  }

  @Command(
      name = "hold",
      mixinStandardHelpOptions = true,
      description =
          "Hold every pause of a target, those to come too, until let-go. Only the owner can.",
      footer = {
        "",
        "Example:",
        "  tocsin guardian hold 0x5fbd… 0xb1ac… --rpc http://127.0.0.1:8545 --key owner.json"
      })
  static final class Hold extends OfTarget {
    @Override
    Act act(GuardianContract contract, Address target) {
      return new Act(contract.hold(target), "Pauses of " + target + " do not end until you let go");
    }
  }

  @Command(
      name = "let-go",
      mixinStandardHelpOptions = true,
      description =
          "End a hold: after their time anyone may release pauses of the target. Only the owner"
              + " can.",
      footer = {
        "",
        "Example:",
        "  tocsin guardian let-go 0x5fbd… 0xb1ac… --rpc http://127.0.0.1:8545 --key owner.json"
      })
  static final class LetGo extends OfTarget {
    @Override
    Act act(GuardianContract contract, Address target) {
      return new Act(
          contract.letGo(target), "Anyone may release pauses of " + target + " after their time");
    }
  }

  @Command(
      name = "ratify",
      mixinStandardHelpOptions = true,
      description =
          "Make a trip's pause your own: it does not end until you lift it. Only the owner can.",
      footer = {
        "",
        "Example:",
        "  tocsin guardian ratify 0x5fbd… 0x1c2e… --rpc http://127.0.0.1:8545 --key owner.json"
      })
  static final class Ratify extends OfMandate {
    @Override
    Act act(GuardianContract contract, Hash32 mandate) {
      return new Act(
          contract.ratify(mandate),
          "The pause of mandate " + mandate + " is yours until you lift it");
    }
  }

  @Command(
      name = "lift",
      mixinStandardHelpOptions = true,
      description = "End a trip's pause now, also when it is held or ratified. Only the owner can.",
      footer = {
        "",
        "Example:",
        "  tocsin guardian lift 0x5fbd… 0x1c2e… --rpc http://127.0.0.1:8545 --key owner.json"
      })
  static final class Lift extends OfMandate {
    @Override
    Act act(GuardianContract contract, Hash32 mandate) {
      return new Act(contract.lift(mandate), "The pause of mandate " + mandate + " is over");
    }
  }

  @Command(
      name = "release",
      mixinStandardHelpOptions = true,
      description = {
        "End a trip's pause whose time is over. Any account can; nothing does it by itself.",
        "If the target was unpaused by hand, this closes the trip at any time, without a call."
      },
      footer = {
        "",
        "Example:",
        "  tocsin guardian release 0x5fbd… 0x1c2e… --rpc http://127.0.0.1:8545 --key any.json"
      })
  static final class Release extends OfMandate {
    @Override
    Act act(GuardianContract contract, Hash32 mandate) {
      return new Act(contract.release(mandate), "The pause of mandate " + mandate + " is over");
    }
  }
}
