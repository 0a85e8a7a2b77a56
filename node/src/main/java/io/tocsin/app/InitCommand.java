package io.tocsin.app;

import io.tocsin.adapter.files.Fault;
import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Asks a few questions and writes a commented configuration that {@code check} accepts. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = "Write a commented configuration; asks for what no option gives.",
    footer = {
      "",
      "The node it describes watches read-only, in shadow mode, until you add mandates.",
      "",
      "Examples:",
      "  tocsin init",
      "  tocsin init --dir /etc/tocsin --name alder --endpoint ws://127.0.0.1:8545=own \\",
      "    --endpoint wss://rpc.example.org=example --protect Alder=eip155:1:0x5fbd…0aa3 --systemd",
    })
public final class InitCommand implements Callable<Integer> {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Folder to write to (default: the current one).")
  private Path folder = Path.of(".");

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the node.")
  private @Nullable String name;

  @Option(
      names = "--chain",
      paramLabel = "CHAIN",
      description = "Chain to watch, in CAIP-2 (default: eip155:1).")
  private @Nullable String chain;

  @Option(
      names = "--endpoint",
      paramLabel = "URL=OPERATOR",
      description =
          "A JSON-RPC endpoint and who runs it; repeat it. To act, two operators must agree.")
  private List<String> endpoints = new ArrayList<>();

  @Option(
      names = "--protect",
      paramLabel = "NAME=ACCOUNT",
      description = "A contract of yours, in CAIP-10; repeat it.")
  private List<String> contracts = new ArrayList<>();

  @Option(names = "--systemd", description = "Also write tocsin.service, a systemd unit.")
  private boolean systemd;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "Who runs the service and owns the keys (default: you).")
  private @Nullable String user;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "The service's group (default: the user's own).")
  private @Nullable String group;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Path file = folder.resolve("tocsin.yaml");
    Path unit = folder.resolve("tocsin.service");
    refuseExisting(file);
    if (systemd) {
      refuseExisting(unit);
    }
    ask();
    String text = configuration();
    write(file, text);
    NodeConfigFile.Loaded loaded = NodeConfigFile.load(file, Map.of());
    if (loaded.config().isEmpty()) {
      delete(file);
      throw CommandException.usage(
          "nothing was written, because of the answers:\n  "
              + String.join("\n  ", loaded.faults().stream().map(Fault::toString).toList()));
    }
    NodeConfig config = loaded.config().get();
    Optional<ServiceUnit> service = systemd ? Optional.of(unit(file, config)) : Optional.empty();
    ObjectNode result = Json.object();
    result.putArray("written").add(file.toString());
    output.text().println("Wrote " + file + ". Next:");
    output.text().println("  tocsin check --config " + file);
    output.text().println("  tocsin run --config " + file);
    service.ifPresent(
        made -> {
          write(unit, made.text());
          create(config.basics().data());
          result.withArray("written").add(unit.toString());
          output
              .text()
              .println("Wrote " + unit + "; copy it to /etc/systemd/system and enable it.");
          output
              .text()
              .println("  It runs as " + made.user() + "; passwords go to " + made.environment());
        });
    output.json(result);
    return ExitCode.DONE;
  }

  private static void refuseExisting(Path file) {
    if (Files.exists(file)) {
      throw CommandException.usage(
          file + " exists and is left as it is; move it away or choose another --dir");
    }
  }

  private void ask() {
    @Nullable Console console = System.console();
    name = answer(console, name, "Name of this node", "tocsin");
    chain = answer(console, chain, "Chain to watch (CAIP-2)", "eip155:1");
    if (endpoints.isEmpty()) {
      String url = answer(console, null, "JSON-RPC endpoint (ipc:, ws:, http:)", "");
      if (url.isBlank()) {
        throw CommandException.usage("at least one --endpoint URL=OPERATOR is needed");
      }
      endpoints.add(url + "=" + answer(console, null, "Who runs it", "own"));
    }
    if (contracts.isEmpty()) {
      String account = answer(console, null, "Contract you protect (CAIP-10; empty for none)", "");
      if (!account.isBlank()) {
        contracts.add(answer(console, null, "Its name", "Mine") + "=" + account);
      }
    }
  }

  private static String answer(
      @Nullable Console console, @Nullable String given, String question, String otherwise) {
    if (given != null) {
      return given;
    }
    if (console == null || !console.isTerminal()) {
      return otherwise;
    }
    String hint = otherwise.isEmpty() ? "" : " [" + otherwise + "]";
    @Nullable String typed = console.readLine("%s%s: ", question, hint);
    return typed == null || typed.isBlank() ? otherwise : typed.strip();
  }

  private String configuration() {
    StringBuilder out = new StringBuilder(2_000);
    out.append(
        """
        # A Tocsin node. `tocsin check --config` checks this file; unknown keys are refused.

        name: %s
        # Where the node keeps its database; relative to this file.
        data: data
        # shadow: record what mandates would do. act: let mandates whose own mode is act, act.
        mode: shadow
        # Health, readiness and Prometheus metrics, on loopback only.
        statusPort: 9464

        chains:
          - id: %s
            # Time between blocks. No head for three slots raises an alarm and fails over.
            slot: 12s
            # How long to wait for the endpoints to agree on a trace.
            patience: 2s
            # Simulate pending transactions too.
            pending: true
            # How many blocks must lie on one that took the place of a claimed block before the
            # claim is withdrawn.
            depth: 12
            # To act, two of three endpoints of at least two operators must agree.
            endpoints:
        """
            .formatted(quoted(name), quoted(chain)));
    for (String endpoint : endpoints) {
      String[] parts = split(endpoint, "--endpoint URL=OPERATOR");
      out.append("      - url: ").append(quoted(parts[0])).append('\n');
      out.append("        operator: ").append(quoted(parts[1])).append('\n');
    }
    out.append(
        "\n# Contracts to watch closely; what may be done for them stands in the mandates file.\n");
    out.append(
        contracts.isEmpty() ? "# protect:\n#   - name: Mine\n#     account: " : "protect:\n");
    if (contracts.isEmpty()) {
      out.append("eip155:1:0x0000000000000000000000000000000000000000\n");
    }
    for (String contract : contracts) {
      String[] parts = split(swap(contract), "--protect NAME=ACCOUNT");
      account(parts[0]);
      out.append("  - name: ").append(quoted(parts[1])).append('\n');
      out.append("    account: ").append(quoted(parts[0])).append('\n');
    }
    out.append(
        """

        # Join a federation: `tocsin keys create`, `tocsin roster join`, then
        # federation:
        #   roster: federation.json
        #   keys: keys
        #   password: env:TOCSIN_PASSWORD
        #   listen: 0.0.0.0:7700
        #   silence: 60s    # how long nothing may be heard of a member

        # Let the node protect you: `tocsin guardian deploy`, then
        # mandates: mandates.yaml
        # responder:
        #   key: keys/responder.json
        #   password: env:TOCSIN_RESPONDER_PASSWORD
        #   gasFloor: 0.05 ether
        #   feeCap: 500 gwei
        #   gasPerDay: 1 ether   # beyond it nothing is sent within 24 hours
        #   feeShare: 0.1    # of the value at risk, the most that one pause may cost
        #   relays:          # to reach block builders beside the public pool
        #     - chain: eip155:1
        #       url: https://relay.flashbots.net

        # What a finding takes; docs/detection.md says what the figures mean. Defaults:
        # detection:
        #   minShare: 0.10
        #   minShareIfGiven: 0.50
        #   dust: 0.01
        #   minPriceFactor: 1.5
        #   maxFrames: 50000
        #   maxQueries: 256

        # Be called when something was paused, could not be, ends soon, or waits for you: a POST of
        # JSON with the field text. The address is a secret, so it is named, not written here.
        # notify:
        #   - webhook: env:TOCSIN_WEBHOOK
        """);
    return out.toString();
  }

  private static String swap(String contract) {
    int equals = contract.indexOf('=');
    return equals < 0
        ? contract
        : contract.substring(equals + 1) + "=" + contract.substring(0, equals);
  }

  private static String[] split(String pair, String form) {
    int equals = pair.lastIndexOf('=');
    if (equals <= 0 || equals == pair.length() - 1) {
      throw CommandException.usage("expected " + form + ", found " + pair);
    }
    return new String[] {pair.substring(0, equals), pair.substring(equals + 1)};
  }

  private void account(String text) {
    try {
      AccountId account = AccountId.parse(text);
      ChainId watched = ChainId.parse(String.valueOf(chain));
      if (!account.chain().equals(watched)) {
        throw CommandException.usage(
            account + " is on another chain than the one watched, " + watched);
      }
    } catch (MalformedException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private static String quoted(@Nullable String text) {
    return Json.mapper().writeValueAsString(String.valueOf(text));
  }

  private ServiceUnit unit(Path file, NodeConfig config) {
    try {
      return new ServiceUnit(
          Path.of(System.getProperty("tocsin.home", "/opt/tocsin")),
          file,
          config.basics().data(),
          user == null ? System.getProperty("user.name", "tocsin") : user,
          Optional.ofNullable(group));
    } catch (CommandException e) {
      delete(file);
      throw e;
    }
  }

  private static void write(Path file, String text) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw CommandException.environment("cannot write " + file + ": " + e.getMessage());
    }
  }

  /** The service may write to this folder, but could not make it. */
  private static void create(Path data) {
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw CommandException.environment("cannot make " + data + ": " + e.getMessage());
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw CommandException.environment("cannot remove " + file + ": " + e.getMessage());
    }
  }
}
