package io.tocsin.app;

import io.tocsin.adapter.files.Fault;
import io.tocsin.adapter.files.MandateFile;
import io.tocsin.base.Json;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Protection;
import io.tocsin.policy.WorstCase;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks a configuration and its mandates, and says what the worst is that they allow. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Check a configuration and its mandates; print the worst case they allow.",
    footer = {
      "",
      "Exit status 2: something in the files is wrong; every fault is shown with file, line and"
          + " field. Exit status 1: the files are right, but with --online an endpoint or a"
          + " guardian is not as they say.",
      "",
      "Examples:",
      "  tocsin check --config tocsin.yaml",
      "  tocsin check --config tocsin.yaml --online",
    })
public final class CheckCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "tocsin.yaml",
      description = "The configuration (default: tocsin.yaml).")
  private Path file = Path.of("tocsin.yaml");

  @Option(
      names = "--online",
      description = "Also try every endpoint, and compare every mandate with its guardian.")
  private boolean online;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Instant now = InstantSource.system().instant();
    NodeConfigFile.Loaded loaded = NodeConfigFile.load(file, RunCommand.environment());
    List<String> faults = new ArrayList<>(loaded.faults().stream().map(Fault::toString).toList());
    List<Protection> protections = new ArrayList<>();
    Optional<OnlineCheck> chain = Optional.empty();
    if (loaded.config().isPresent()) {
      NodeConfig config = loaded.config().get();
      config
          .defence()
          .mandates()
          .map(path -> MandateFile.load(path, now))
          .ifPresent(
              mandates -> {
                protections.addAll(mandates.protections());
                mandates.faults().forEach(fault -> faults.add(fault.toString()));
              });
      faults.addAll(ConfigChecks.faults(config, protections));
      if (online) {
        chain = Optional.of(OnlineCheck.of(config, protections));
      }
    }
    Optional<NodeConfig.Bids> bids =
        loaded.config().flatMap(config -> config.defence().responder()).map(r -> r.bids());
    report(faults, bids, chain, chain.map(OnlineCheck::protections).orElse(protections));
    if (!faults.isEmpty()) {
      return ExitCode.USAGE;
    }
    return chain.filter(found -> !found.faults().isEmpty()).isPresent()
        ? ExitCode.NEGATIVE
        : ExitCode.DONE;
  }

  private void report(
      List<String> wrong,
      Optional<NodeConfig.Bids> bids,
      Optional<OnlineCheck> chain,
      List<Protection> protections) {
    List<String> faults = new ArrayList<>(wrong);
    chain.ifPresent(found -> faults.addAll(found.faults()));
    ObjectNode result = Json.object();
    result.put("ok", faults.isEmpty());
    faults.forEach(result.putArray("faults")::add);
    faults.forEach(fault -> output.text().println(fault));
    chain.ifPresent(
        found -> {
          found.notes().forEach(note -> output.text().println(note));
          found.notes().forEach(result.putArray("notes")::add);
        });
    if (!protections.isEmpty()) {
      WorstCase worst = WorstCase.of(protections);
      result.set("worstCase", numbers(worst));
      worst.lines().forEach(result.putArray("worstCaseText")::add);
      output.text().println("The worst case, if everyone else is malicious:");
      worst.lines().forEach(line -> output.text().println("  " + line));
    }
    bids.ifPresent(
        most -> {
          result.put("gasPerDayWei", most.gasPerDay().amount().toString());
          output.text().println(gas(most));
        });
    output
        .text()
        .println(
            faults.isEmpty()
                ? file + ": no fault found"
                : file + ": " + faults.size() + (faults.size() == 1 ? " fault" : " faults"));
    output.json(result);
  }

  private static String gas(NodeConfig.Bids most) {
    return "Gas: at most "
        + most.gasPerDay().toEther().toPlainString()
        + " of each chain's coin within 24 hours, half of it against pending attacks;"
        + " beyond it nothing is sent and people are called";
  }

  private static ArrayNode numbers(WorstCase worst) {
    ArrayNode targets = Json.object().putArray("targets");
    for (WorstCase.Target target : worst.targets()) {
      ObjectNode node =
          targets
              .addObject()
              .put("protocol", target.protocol())
              .put("target", target.target().toString())
              .put("pausedSeconds", target.paused().toSeconds())
              .put("debtsBlockedSeconds", target.granted().debtsBlocked().toSeconds());
      ObjectNode classes = node.putObject("pausedSecondsByClass");
      for (BudgetClass budgetClass : BudgetClass.values()) {
        Optional.ofNullable(target.granted().byClass().get(budgetClass))
            .ifPresent(granted -> classes.put(word(budgetClass), granted.toSeconds()));
      }
      ArrayNode mandates = node.putArray("mandates");
      for (WorstCase.Share share : target.shares()) {
        mandates
            .addObject()
            .put("mandate", share.mandate())
            .put("class", word(share.budgetClass()))
            .put("mode", word(share.mode()))
            .put("uses", share.uses())
            .put("tripsIn30Days", share.trips())
            .put("pausedSeconds", share.paused().toSeconds());
      }
      target.calls().forEach(node.putArray("calls")::add);
      target.warnings().forEach(node.putArray("warnings")::add);
    }
    return targets;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The configuration in {@code file}, or an end with all its faults. */
  public static NodeConfig load(Path file, Map<String, String> overrides) {
    NodeConfigFile.Loaded loaded = NodeConfigFile.load(file, overrides);
    return loaded
        .config()
        .orElseThrow(
            () ->
                CommandException.usage(
                    "the configuration cannot be used:\n  "
                        + String.join(
                            "\n  ", loaded.faults().stream().map(Fault::toString).toList())));
  }
}
