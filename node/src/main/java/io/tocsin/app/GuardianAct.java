package io.tocsin.app;

import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.adapter.contract.MinedTransaction;
import io.tocsin.base.Address;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.TxCall;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One transaction to a guardian that a person asked for. */
abstract class GuardianAct implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "GUARDIAN", description = "The guardian's address.")
  private String guardian = "";

  @Mixin private ChainOptions chain = new ChainOptions();
  @Mixin private OwnerOptions owner = new OwnerOptions();
  @Mixin private Output output = new Output();

  abstract String name();

  /** The call, and what it does in words. */
  abstract TxCall call(GuardianContract contract);

  abstract String done();

  @Override
  public Integer call() {
    return chain.open(
        access ->
            owner.key(
                key -> {
                  GuardianContract contract = GuardianCommand.guardian(guardian, access);
                  MinedTransaction mined = OwnerOptions.perform(key, access, call(contract));
                  output
                      .text()
                      .println(
                          done()
                              + " (transaction "
                              + mined.tx()
                              + " in block "
                              + mined.block().number()
                              + ", "
                              + mined.gasUsed()
                              + ").");
                  output.json(
                      Json.object()
                          .put("action", name())
                          .put("guardian", contract.account().toString())
                          .put("transaction", mined.tx().toString())
                          .put("block", mined.block().number())
                          .put("gas", mined.gasUsed().amount()));
                  return ExitCode.DONE;
                }));
  }

  /** About one mandate. */
  abstract static class OfMandate extends GuardianAct {
    @Parameters(
        index = "1",
        paramLabel = "MANDATE",
        description = "The mandate's id, as guardian status shows it.")
    private String mandate = "";

    String mandate() {
      return mandate;
    }
  }

  /** About one target. */
  abstract static class OfTarget extends GuardianAct {
    @Parameters(index = "1", paramLabel = "TARGET", description = "The contract that is paused.")
    private String target = "";

    String target() {
      return target;
    }

    Address address() {
      try {
        return Address.parse(target);
      } catch (MalformedException e) {
        throw CommandException.usage("TARGET: " + e.getMessage());
      }
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
    String name() {
      return "veto";
    }

    @Override
    TxCall call(GuardianContract contract) {
      return contract.veto(GuardianCommand.mandate(mandate()));
    }

    @Override
    String done() {
      return "Mandate " + mandate() + " is vetoed for ever";
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
    String name() {
      return "hold";
    }

    @Override
    TxCall call(GuardianContract contract) {
      return contract.hold(address());
    }

    @Override
    String done() {
      return "Pauses of " + target() + " do not end until you let go";
    }
  }

  @Command(
      name = "let-go",
      mixinStandardHelpOptions = true,
      description = "End a hold: pauses of the target end by themselves again. Only the owner can.",
      footer = {
        "",
        "Example:",
        "  tocsin guardian let-go 0x5fbd… 0xb1ac… --rpc http://127.0.0.1:8545 --key owner.json"
      })
  static final class LetGo extends OfTarget {
    @Override
    String name() {
      return "let-go";
    }

    @Override
    TxCall call(GuardianContract contract) {
      return contract.letGo(address());
    }

    @Override
    String done() {
      return "Pauses of " + target() + " end by themselves again";
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
    String name() {
      return "ratify";
    }

    @Override
    TxCall call(GuardianContract contract) {
      return contract.ratify(GuardianCommand.mandate(mandate()));
    }

    @Override
    String done() {
      return "The pause of mandate " + mandate() + " is yours until you lift it";
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
    String name() {
      return "lift";
    }

    @Override
    TxCall call(GuardianContract contract) {
      return contract.lift(GuardianCommand.mandate(mandate()));
    }

    @Override
    String done() {
      return "The pause of mandate " + mandate() + " is over";
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
    String name() {
      return "release";
    }

    @Override
    TxCall call(GuardianContract contract) {
      return contract.release(GuardianCommand.mandate(mandate()));
    }

    @Override
    String done() {
      return "The pause of mandate " + mandate() + " is over";
    }
  }
}
