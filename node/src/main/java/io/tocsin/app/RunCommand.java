package io.tocsin.app;

import io.tocsin.base.Clocks;
import io.tocsin.base.Json;
import io.tocsin.base.Threads;
import io.tocsin.pipeline.Observer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Runs a node until it is told to stop. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Run a node; in shadow mode unless its configuration says act.",
    footer = {
      "",
      "The command line wins over TOCSIN_NAME, TOCSIN_DATA, TOCSIN_MODE and TOCSIN_STATUS_PORT,",
      "which win over the file. Stop it with Ctrl-C or SIGTERM.",
      "",
      "Examples:",
      "  tocsin run --config tocsin.yaml",
      "  tocsin run --config tocsin.yaml --mode act --data /var/lib/tocsin",
    })
public final class RunCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "tocsin.yaml",
      description = "The configuration (default: tocsin.yaml).")
  private Path file = Path.of("tocsin.yaml");

  @Option(names = "--data", paramLabel = "DIR", description = "Where the database is.")
  private @Nullable String data;

  @Option(names = "--mode", paramLabel = "shadow|act", description = "Shadow or act.")
  private @Nullable String mode;

  @Option(names = "--status-port", paramLabel = "PORT", description = "Port of /metrics and so on.")
  private @Nullable String statusPort;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws InterruptedException {
    NodeConfig config = CheckCommand.load(file, overrides());
    CountDownLatch stopping = new CountDownLatch(1);
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Runnable noLonger =
        Threads.onStop(
            "run",
            () -> {
              stopping.countDown();
              return status.join();
            });
    try {
      run(config, stopping);
      status.complete(ExitCode.DONE);
    } finally {
      status.complete(ExitCode.ENVIRONMENT);
      noLonger.run();
    }
    return ExitCode.DONE;
  }

  private void run(NodeConfig config, CountDownLatch stopping) throws InterruptedException {
    try (Node node = Node.open(config, Observer.NONE, Clocks.of(InstantSource.system()))) {
      output.text().println(config.basics().name() + ":");
      node.manifest().forEach(line -> output.text().println("  " + line));
      output.json(manifest(config, node));
      var _ = node.failed().thenRun(stopping::countDown);
      stopping.await();
      String failure = node.failed().getNow("");
      if (!failure.isEmpty()) {
        throw CommandException.environment(failure);
      }
    }
  }

  private static ObjectNode manifest(NodeConfig config, Node node) {
    ObjectNode out = Json.object();
    out.put("name", config.basics().name());
    out.put("mode", config.basics().acts() ? "act" : "shadow");
    out.put("statusPort", node.statusPort());
    node.manifest().forEach(out.putArray("manifest")::add);
    return out;
  }

  private Map<String, String> overrides() {
    Map<String, String> all = new HashMap<>(environment());
    if (data != null) {
      all.put("data", Path.of(data).toAbsolutePath().toString());
    }
    if (mode != null) {
      all.put("mode", mode);
    }
    if (statusPort != null) {
      all.put("statusPort", statusPort);
    }
    return all;
  }

  /** {@code statusPort} is overridden by {@code TOCSIN_STATUS_PORT}. */
  private static String variable(String key) {
    return "TOCSIN_" + key.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  /** The settings that the environment overrides. */
  static Map<String, String> environment() {
    Map<String, String> all = new HashMap<>();
    for (String key : NodeConfigFile.OVERRIDABLE) {
      String value = System.getenv(variable(key));
      if (value != null && !value.isBlank()) {
        all.put(key, value);
      }
    }
    return all;
  }
}
