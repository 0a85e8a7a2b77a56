package io.tocsin.app;

import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.Charter;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.adapter.contract.MinedTransaction;
import io.tocsin.adapter.contract.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.policy.Protection;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Deploys the guardian of one contract with the mandates that its owner wrote. */
@Command(
    name = "deploy",
    mixinStandardHelpOptions = true,
    description = {
      "Deploy the guardian of one contract.",
      "",
      "The mandates in FILE are active at once; one that is added later waits. guardian.account"
          + " may be any account of the right chain (it is not known yet); write the address that"
          + " is printed there afterwards, and each id to its mandate. Then give the guardian the"
          + " right to pause: make it the pauser, an EMERGENCY_ADMIN, or a module of the Safe that"
          + " pauses."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin guardian deploy --mandates birch.yaml --roster federation.json"
          + " --rpc http://127.0.0.1:8545 --key owner.json",
      "  tocsin guardian deploy --mandates birch.yaml --roster federation.json"
          + " --rpc ipc:/run/geth.ipc --key deployer.json --owner 0xa11c… --json -"
    })
final class GuardianDeployCommand implements Callable<Integer> {
  @Option(
      names = "--mandates",
      required = true,
      paramLabel = "FILE",
      description = "The mandates of one contract (docs/mandates.md).")
  private Path mandates = Path.of("mandates.yaml");

  @Option(
      names = "--roster",
      required = true,
      paramLabel = "FILE",
      description = "The federation file; the guardian starts with its roster in force.")
  private Path roster = Path.of("federation.json");

  @Option(
      names = "--owner",
      paramLabel = "ADDRESS",
      description = "Who owns the guardian; by default the account of --key.")
  private @Nullable String owner;

  @Option(
      names = "--roster-delay",
      paramLabel = "DURATION",
      defaultValue = "PT48H",
      description = "How long a new roster waits, so that you can refuse it (default: PT48H).")
  private String rosterDelay = "PT48H";

  @Option(
      names = "--widen-delay",
      paramLabel = "DURATION",
      defaultValue = "PT24H",
      description = "How long a mandate added later waits (default: PT24H).")
  private String widenDelay = "PT24H";

  @Mixin private ChainOptions chain = new ChainOptions();
  @Mixin private OwnerOptions account = new OwnerOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Protection protection = GuardianCommand.protection(mandates);
    Rosters rosters = GuardianCommand.rosters(roster);
    Roster current =
        rosters
            .current(InstantSource.system().instant())
            .orElseThrow(() -> CommandException.usage(roster + ": no roster is in force now"));
    return chain.open(
        access -> {
          if (!protection.interest().account().chain().equals(access.chain())) {
            throw CommandException.usage(
                mandates
                    + ": "
                    + protection.interest().name()
                    + " is on "
                    + protection.interest().account().chain()
                    + ", --rpc leads to "
                    + access.chain());
          }
          return account.key(
              key -> deploy(protection, rosters.federation().id(), current, access, key));
        });
  }

  private Integer deploy(
      Protection protection, Hash32 federation, Roster current, ChainAccess access, KeyPair key)
      throws ChainException {
    Address holder =
        owner == null ? key.address() : GuardianCommand.address("--owner", owner, access);
    Duration delay = RosterCommand.duration("--roster-delay", rosterDelay);
    Duration widening = RosterCommand.duration("--widen-delay", widenDelay);
    Charter charter =
        new Charter(holder, federation, delay, widening, protection.guard().pausedCap());
    List<Terms> terms = Terms.of(protection);
    MinedTransaction mined =
        OwnerOptions.perform(key, access, GuardianContract.deployment(charter, current, terms));
    GuardianContract guardian = new GuardianContract(mined.created(), access);
    List<Hash32> ids = guardian.mandates();
    if (!ids.equals(GuardianContract.mandateIds(terms))) {
      throw CommandException.environment(
          guardian.account() + " names its mandates differently; this is no guardian of ours");
    }
    report(protection, charter, guardian, ids, mined);
    return ExitCode.DONE;
  }

  private void report(
      Protection protection,
      Charter charter,
      GuardianContract guardian,
      List<Hash32> ids,
      MinedTransaction mined) {
    PrintStream text = output.text();
    text.println("The guardian of " + protection.interest().name() + " is " + guardian.account());
    text.println("  owner " + charter.owner() + ", federation " + charter.federation());
    text.println(
        "  transaction "
            + mined.tx()
            + " in block "
            + mined.block().number()
            + ", "
            + mined.gasUsed());
    ObjectNode document =
        Json.object()
            .put("protocol", protection.interest().name())
            .put("guardian", guardian.account().toString())
            .put("owner", charter.owner().toString())
            .put("federation", charter.federation().toString())
            .put("transaction", mined.tx().toString())
            .put("block", mined.block().number())
            .put("gas", mined.gasUsed().amount());
    ArrayNode list = document.putArray("mandates");
    for (int i = 0; i < ids.size(); i++) {
      var mandate = protection.mandates().get(i);
      text.println("  " + mandate.name() + " (" + mandate.budgetClass() + ") id " + ids.get(i));
      ObjectNode entry =
          list.addObject()
              .put("name", mandate.name())
              .put("class", mandate.budgetClass().name())
              .put("id", ids.get(i).toString())
              .put("target", mandate.lever().target().toString());
      ArrayNode subjects = entry.putArray("subjects");
      protection.subjects(mandate).subjects().forEach(s -> subjects.add(s.toString()));
    }
    text.println("Write the account and the ids to " + mandates + ", and let it pause:");
    text.println(
        "  give "
            + guardian.account().address()
            + " the right to pause "
            + protection.interest().account());
    output.json(document);
  }
}
