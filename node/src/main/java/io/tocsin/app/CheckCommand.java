package io.tocsin.app;

import io.tocsin.adapter.files.Fault;
import io.tocsin.adapter.files.MandateFile;
import io.tocsin.adapter.rpc.RpcChain;
import io.tocsin.base.Json;
import io.tocsin.chain.MemoryCursor;
import io.tocsin.policy.Protection;
import io.tocsin.policy.WorstCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
      "Exit status 1 if anything is wrong; every fault is shown with file, line and field.",
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

  @Option(names = "--online", description = "Also try every endpoint now.")
  private boolean online;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    InstantSource clock = InstantSource.system();
    NodeConfigFile.Loaded loaded = NodeConfigFile.load(file, RunCommand.environment());
    List<String> faults = new ArrayList<>(loaded.faults().stream().map(Fault::toString).toList());
    List<Protection> protections = new ArrayList<>();
    if (loaded.config().isPresent()) {
      NodeConfig config = loaded.config().get();
      config
          .defence()
          .mandates()
          .map(path -> MandateFile.load(path, clock.instant()))
          .ifPresent(
              mandates -> {
                protections.addAll(mandates.protections());
                mandates.faults().forEach(fault -> faults.add(fault.toString()));
              });
      faults.addAll(missing(config));
      if (online) {
        config.chains().forEach(chain -> faults.addAll(unreachable(chain, clock)));
      }
    }
    report(faults, protections);
    return faults.isEmpty() ? ExitCode.DONE : ExitCode.NEGATIVE;
  }

  private static List<String> missing(NodeConfig config) {
    List<String> faults = new ArrayList<>();
    config
        .membership()
        .ifPresent(
            membership -> {
              if (!Files.isRegularFile(membership.federation())) {
                faults.add(
                    config.source()
                        + ": federation.roster: there is no "
                        + membership.federation());
              }
              if (!Files.isDirectory(membership.keys())) {
                faults.add(
                    config.source()
                        + ": federation.keys: there is no folder "
                        + membership.keys()
                        + "; make it with tocsin keys create");
              }
            });
    config
        .defence()
        .responder()
        .filter(responder -> !Files.isRegularFile(responder.key()))
        .ifPresent(
            responder ->
                faults.add(config.source() + ": responder.key: there is no " + responder.key()));
    return faults;
  }

  private static List<String> unreachable(NodeConfig.Chain chain, InstantSource clock) {
    RpcChain.Surroundings around =
        new RpcChain.Surroundings(clock, new SecureRandom(), new MemoryCursor());
    List<String> faults = new ArrayList<>();
    try (RpcChain rpc = RpcChain.open(NodeChains.config(chain), around)) {
      for (Map.Entry<String, Optional<String>> answer : rpc.check().entrySet()) {
        answer
            .getValue()
            .ifPresent(why -> faults.add(chain.id() + ": " + answer.getKey() + ": " + why));
      }
    }
    return faults;
  }

  private void report(List<String> faults, List<Protection> protections) {
    ObjectNode result = Json.object();
    result.put("ok", faults.isEmpty());
    ArrayNode problems = result.putArray("faults");
    faults.forEach(problems::add);
    faults.forEach(fault -> output.text().println(fault));
    if (!protections.isEmpty()) {
      List<String> worst = WorstCase.of(protections).lines();
      ArrayNode lines = result.putArray("worstCase");
      worst.forEach(lines::add);
      output.text().println("The worst case, if everyone else is malicious:");
      worst.forEach(line -> output.text().println("  " + line));
    }
    output
        .text()
        .println(
            faults.isEmpty()
                ? file + ": no fault found"
                : file + ": " + faults.size() + (faults.size() == 1 ? " fault" : " faults"));
    output.json(result);
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
