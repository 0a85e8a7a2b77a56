package io.tocsin.app.demo;

import io.tocsin.base.ChainId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A node as its operator starts it, {@code ./tocsin run}, and what it costs. One owner. */
final class SoakNode implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern USED =
      Pattern.compile("^(?!.*(?:Metaspace|class space)).*? used (\\d+)K");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final Path data;
  private final int port;
  private final long started;

  private SoakNode(Process process, Path data, int port, long started) {
    this.process = process;
    this.data = data;
    this.port = port;
    this.started = started;
  }

  /** The launcher of the tree that this runs in. */
  static Path launcher() {
    return Path.of(System.getProperty("tocsin.home", ""), "tocsin").toAbsolutePath();
  }

  /**
   * Starts it with the configuration {@code file}.
   *
   * @param flags for its virtual machine, besides those of the launcher and of the environment
   */
  static SoakNode start(Path file, String flags) throws IOException {
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            launcher().toString(),
            "run",
            "--config",
            file.toString(),
            "--status-port",
            Integer.toString(port));
    builder.environment().merge("TOCSIN_JAVA_OPTS", flags, (given, more) -> given + " " + more);
    Path said = file.resolveSibling("said.log");
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()));
    long now = System.nanoTime();
    return new SoakNode(builder.start(), file.resolveSibling("data"), port, now);
  }

  /** Waits until it is ready, and answers how long that took from its start, in seconds. */
  double ready() throws InterruptedException {
    long end = started + PATIENCE.toNanos();
    while (System.nanoTime() - end < 0) {
      if (!process.isAlive()) {
        throw new IllegalStateException("the node ended with status " + process.exitValue());
      }
      try {
        if (get("/readyz").statusCode() == 200) {
          return (System.nanoTime() - started) / 1e9;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      Thread.sleep(10);
    }
    throw new IllegalStateException("the node is not ready after " + PATIENCE);
  }

  /** The seconds of processor time that it has used. */
  double worked() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return http.send(
        HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The last block of {@code chain} that it has dealt with. */
  long head(ChainId chain) throws IOException, InterruptedException {
    String metrics = get("/metrics").body();
    Matcher head =
        Pattern.compile("tocsin_chain_head\\{name=\"" + chain + "\"} (\\S+)").matcher(metrics);
    if (!head.find()) {
      throw new IllegalStateException("no block of " + chain + " in the metrics");
    }
    return (long) Double.parseDouble(head.group(1));
  }

  /** Why it is not ready, in its own words; empty when it is. */
  String faults() throws IOException, InterruptedException {
    HttpResponse<String> answer = get("/readyz");
    return answer.statusCode() == 200 ? "" : answer.body().strip();
  }

  /** A number from {@code /proc/PID/status}. */
  private long status(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }

  /** The resident set, in MB of a million bytes; the most there ever was with {@code VmHWM}. */
  double resident(String name) throws IOException {
    return status(name) * 1_024 / 1e6;
  }

  /** Its threads. */
  long threads() throws IOException {
    return status("Threads");
  }

  /** Its open files. */
  long files() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return open.count();
    }
  }

  /** The size of its database with the write-ahead log, in MB. */
  double database() throws IOException {
    try (Stream<Path> all = Files.list(data)) {
      return all.mapToLong(file -> file.toFile().length()).sum() / 1e6;
    }
  }

  /** Collects all its garbage and answers what is left on the heap, in MB. */
  double heap() throws IOException, InterruptedException {
    String _ = command("GC.run");
    return command("GC.heap_info")
            .lines()
            .flatMap(line -> USED.matcher(line).results())
            .mapToLong(match -> Long.parseLong(match.group(1)))
            .sum()
        * 1_024
        / 1e6;
  }

  /** What the tool for running virtual machines answers to {@code order}. */
  String command(String order) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(process.pid()));
    command.addAll(List.of(order.split(" ")));
    Process asked = new ProcessBuilder(command).redirectErrorStream(true).start();
    String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (asked.waitFor() != 0) {
      throw new IllegalStateException(order + ": " + answer);
    }
    return answer;
  }

  /** Stops it as its operator does. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the node did not stop");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
