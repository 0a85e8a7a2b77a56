package io.tocsin.app;

import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.adapter.contract.GuardianContract.Epoch;
import io.tocsin.adapter.contract.GuardianContract.Standing;
import io.tocsin.adapter.contract.GuardianContract.Trip;
import io.tocsin.adapter.contract.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.identity.Rosters;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows what a guardian may still do, and what it is doing. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description =
        "Show a guardian: its roster, what is left of each mandate, pauses in force, and how much"
            + " pause of each target was granted in the last 30 days.",
    footer = {
      "",
      "Exit status 1: a pause is in force, or the guardian is behind its federation.",
      "",
      "Examples:",
      "  tocsin guardian status eip155:1:0x5fbd… --rpc http://127.0.0.1:8545 --json -",
      "  tocsin guardian status 0x5fbd… --roster federation.json --rpc http://127.0.0.1:8545"
    })
final class GuardianStatusCommand implements Callable<Integer> {
  @Parameters(paramLabel = "GUARDIAN", description = "The guardian's address.")
  private String address = "";

  @Option(
      names = "--roster",
      paramLabel = "FILE",
      description = "Also say where the guardian is behind this federation file.")
  private @Nullable Path roster;

  @Mixin private ChainOptions chain = new ChainOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    return chain.open(this::show);
  }

  private Integer show(ChainAccess access) throws ChainException {
    GuardianContract guardian = GuardianCommand.guardian(address, access);
    PrintStream text = output.text();
    Instant now = access.block(Optional.empty()).time();
    long current = guardian.currentEpoch();
    ObjectNode document =
        Json.object()
            .put("guardian", guardian.account().toString())
            .put("owner", guardian.owner().toString())
            .put("federation", guardian.federation().toString())
            .put("time", now.toString());
    text.println("Guardian " + guardian.account() + " of federation " + guardian.federation());
    text.println("  owner " + guardian.owner());
    ArrayNode epochs = document.putArray("epochs");
    for (long e = current; e <= guardian.latestEpoch(); e++) {
      epoch(guardian.epoch(e), e, current, epochs.addObject());
    }
    boolean behind = behind(guardian, now, document);
    boolean paused = false;
    Set<Address> targets = new TreeSet<>();
    ArrayNode mandates = document.putArray("mandates");
    for (Hash32 id : guardian.mandates()) {
      Terms terms = guardian.terms(id);
      targets.add(terms.mandate().lever().target());
      paused |= mandate(guardian, id, terms, now, mandates.addObject());
    }
    ArrayNode list = document.putArray("targets");
    Duration cap = guardian.pausedCap();
    for (Address target : targets) {
      Duration used = guardian.paused(target);
      boolean held = guardian.held(target);
      text.println(
          "  target "
              + target
              + ": "
              + words(used)
              + " of "
              + words(cap)
              + " paused in 30 days"
              + (held ? ", held by its owner" : ""));
      list.addObject()
          .put("target", target.toString())
          .put("paused_seconds", used.toSeconds())
          .put("cap_seconds", cap.toSeconds())
          .put("held", held);
    }
    output.json(document.put("paused", paused));
    return paused || behind ? ExitCode.NEGATIVE : ExitCode.DONE;
  }

  /** Whether the guardian lacks something that the federation file has. */
  private boolean behind(GuardianContract guardian, Instant now, ObjectNode document)
      throws ChainException {
    if (roster == null) {
      return false;
    }
    Rosters rosters = GuardianCommand.rosters(roster);
    List<String> lags = GuardianLag.of(guardian, rosters, now);
    lags.forEach(lag -> output.text().println("  BEHIND: " + lag));
    ObjectNode federation = document.putObject("federation_file");
    rosters.current(now).ifPresent(r -> federation.put("epoch_in_force", r.epoch()));
    federation.put("latest_epoch", rosters.latest().roster().epoch());
    lags.forEach(federation.putArray("behind")::add);
    return !lags.isEmpty();
  }

  private void epoch(Epoch epoch, long number, long current, ObjectNode entry) {
    output
        .text()
        .println(
            "  epoch "
                + number
                + (number == current ? " in force" : " waits until " + epoch.from())
                + ": "
                + epoch.members()
                + " members, roster "
                + epoch.hash()
                + ", until "
                + epoch.validUntil());
    entry
        .put("epoch", number)
        .put("in_force", number == current)
        .put("roster", epoch.hash().toString())
        .put("members", epoch.members())
        .put("from", epoch.from().toString())
        .put("until", epoch.validUntil().toString());
  }

  private boolean mandate(
      GuardianContract guardian, Hash32 id, Terms terms, Instant now, ObjectNode node)
      throws ChainException {
    Standing standing = guardian.standing(id);
    Trip trip = guardian.trip(id);
    output
        .text()
        .println(
            "  mandate "
                + id
                + " ("
                + terms.mandate().budgetClass()
                + ") on "
                + terms.mandate().lever().target()
                + ": "
                + standing(standing, now));
    if (trip.inForce()) {
      output
          .text()
          .println(
              "    TRIPPED at "
                  + trip.at()
                  + ", "
                  + (trip.ratified()
                      ? "ratified by its owner"
                      : now.isBefore(trip.until())
                          ? "until " + trip.until()
                          : "over since " + trip.until() + ": anyone may release it"));
    }
    node.put("id", id.toString())
        .put("class", terms.mandate().budgetClass().name())
        .put("target", terms.mandate().lever().target().toString())
        .put("uses_left", standing.usesLeft())
        .put("expiry", standing.expiry().toString())
        .put("active_from", standing.activeFrom().toString())
        .put("vetoed", standing.vetoed())
        .put("tripped", trip.inForce());
    ArrayNode callers = node.putArray("callers");
    for (Address caller : terms.callers()) {
      if (guardian.isCaller(id, caller)) {
        callers.add(caller.toString());
      }
    }
    if (trip.inForce()) {
      node.putObject("trip")
          .put("at", trip.at().toString())
          .put("until", trip.until().toString())
          .put("ratified", trip.ratified());
    }
    return trip.inForce();
  }

  private static String standing(Standing standing, Instant now) {
    if (standing.vetoed()) {
      return "vetoed";
    }
    if (!now.isBefore(standing.expiry())) {
      return "expired on " + standing.expiry();
    }
    String left = standing.usesLeft() + " uses left, until " + standing.expiry();
    return now.isBefore(standing.activeFrom())
        ? "waits until " + standing.activeFrom() + ", then " + left
        : left;
  }

  private static String words(Duration duration) {
    return duration.toHours() > 0
        ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
        : duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
  }
}
