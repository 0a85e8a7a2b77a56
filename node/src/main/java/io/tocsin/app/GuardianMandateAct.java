package io.tocsin.app;

import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.adapter.contract.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.policy.Protection;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** How an owner changes what a guardian may do: wider after a wait, narrower at once. */
final class GuardianMandateAct {
  private GuardianMandateAct() {}

  @Command(
      name = "propose",
      mixinStandardHelpOptions = true,
      description = {
        "Propose a mandate of the mandates file. Only the owner can.",
        "",
        "It is active when the guardian's delay for wider mandates is over; until then, and at any"
            + " time after, veto ends it. To widen a mandate, propose the wider one and veto the"
            + " other when the new one is active."
      },
      footer = {
        "",
        "Example:",
        "  tocsin guardian propose 0x5fbd… --mandates birch.yaml --mandate birch-derived"
            + " --rpc http://127.0.0.1:8545 --key owner.json"
      })
  static final class Propose extends GuardianAct {
    @Option(
        names = "--mandates",
        required = true,
        paramLabel = "FILE",
        description = "The mandates of the guardian's contract (docs/mandates.md).")
    private Path mandates = Path.of("mandates.yaml");

    @Option(
        names = "--mandate",
        required = true,
        paramLabel = "NAME",
        description = "Which of them.")
    private String name = "";

    private Hash32 proposed = Hash32.ZERO;

    @Override
    List<Act> acts(GuardianContract contract) throws ChainException {
      Protection protection = GuardianCommand.protection(mandates);
      if (!protection.guard().account().equals(contract.account())) {
        throw CommandException.usage(
            mandates
                + ": guardian.account is "
                + protection.guard().account()
                + ", not "
                + contract.account());
      }
      Terms terms =
          Terms.of(protection).stream()
              .filter(one -> one.mandate().name().equals(name))
              .findFirst()
              .orElseThrow(() -> unknown(protection));
      proposed = GuardianContract.mandateId(terms, contract.mandates().size());
      return List.of(
          new Act(
              contract.propose(terms),
              "Mandate " + name + " (" + terms.mandate().budgetClass() + ") is proposed"));
    }

    private CommandException unknown(Protection protection) {
      return CommandException.usage(
          mandates
              + ": there is no mandate "
              + name
              + "; known: "
              + String.join(", ", protection.mandates().stream().map(m -> m.name()).toList()));
    }

    @Override
    List<String> after(GuardianContract contract, ObjectNode document) throws ChainException {
      if (!contract.mandates().contains(proposed)) {
        throw CommandException.environment(
            contract.account()
                + " does not name "
                + proposed
                + ", which was proposed; another proposal may have come between: see tocsin"
                + " guardian status");
      }
      Instant active = contract.standing(proposed).activeFrom();
      document.put("id", proposed.toString()).put("active_from", active.toString());
      return List.of(
          "Its id is " + proposed + "; write it to " + mandates + ".",
          "It is active from " + active + " on.");
    }
  }

  @Command(
      name = "narrow",
      mixinStandardHelpOptions = true,
      description = "Lower what is left of a mandate, at once. Only the owner can.",
      footer = {
        "",
        "Example:",
        "  tocsin guardian narrow 0x5fbd… 0x1c2e… --uses 1 --expiry 2027-01-01T00:00:00Z"
            + " --rpc http://127.0.0.1:8545 --key owner.json"
      })
  static final class Narrow extends GuardianAct.OfMandate {
    @Option(names = "--uses", paramLabel = "N", description = "How many uses are left at most.")
    private @Nullable Integer uses;

    @Option(
        names = "--expiry",
        paramLabel = "TIME",
        description = "When it ends, such as 2027-01-01T00:00:00Z.")
    private @Nullable String expiry;

    @Override
    Act act(GuardianContract contract, Hash32 mandate) throws ChainException {
      Integer fewer = uses;
      if (fewer == null && expiry == null) {
        throw CommandException.usage("give --uses, --expiry or both");
      }
      if (fewer != null && fewer < 0) {
        throw CommandException.usage("--uses: expected 0 or more, found " + fewer);
      }
      Optional<Instant> ends = Optional.ofNullable(expiry).map(Narrow::time);
      GuardianContract.Standing standing = contract.standing(mandate);
      long left = fewer == null ? standing.usesLeft() : fewer;
      Instant until = ends.orElse(standing.expiry());
      return new Act(
          contract.narrow(mandate, left, until),
          "Mandate " + mandate + " has " + left + " uses left, until " + until);
    }

    private static Instant time(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException _) {
        throw CommandException.usage(
            "--expiry: expected a time in UTC such as 2027-01-01T00:00:00Z, found " + text);
      }
    }
  }

  @Command(
      name = "remove-caller",
      mixinStandardHelpOptions = true,
      description = "Take a mandate from one of its callers, at once. Only the owner can.",
      footer = {
        "",
        "Example:",
        "  tocsin guardian remove-caller 0x5fbd… 0x1c2e… 0xb3b3… --rpc http://127.0.0.1:8545"
            + " --key owner.json"
      })
  static final class RemoveCaller extends GuardianAct.OfMandate {
    @Parameters(index = "2", paramLabel = "CALLER", description = "The responder account.")
    private String caller = "";

    @Override
    Act act(GuardianContract contract, Hash32 mandate) {
      Address out = GuardianCommand.address("CALLER", caller);
      return new Act(
          contract.removeCaller(mandate, out),
          out + " cannot trip mandate " + mandate + " any more");
    }
  }
}
