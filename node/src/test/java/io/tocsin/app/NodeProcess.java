package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** The {@code tocsin} command in a process of its own, which can be told to stop. */
final class NodeProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final List<String> lines = new ArrayList<>();

  NodeProcess(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.start();
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Everything said until a line contains {@code text}, or the end. */
  List<String> until(String text) throws IOException {
    while (true) {
      String line = output.readLine();
      if (line == null) {
        return lines;
      }
      lines.add(line);
      if (line.contains(text)) {
        return lines;
      }
    }
  }

  /** What a page of the node shows. */
  static String page(int port, String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI page = URI.create("http://127.0.0.1:" + port + path);
      return client
          .send(
              HttpRequest.newBuilder(page).build(),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
          .body();
    }
  }

  /** What it writes to {@code file} before it waits, but perhaps after its last line. */
  static JsonNode written(Path file) throws IOException, InterruptedException {
    for (int i = 0; true; i++) {
      try {
        return Json.parse(Files.readAllBytes(file));
      } catch (NoSuchFileException | MalformedException e) {
        assertThat(i).as("%s: %s", file, e).isLessThan(1_200);
        Thread.sleep(50);
      }
    }
  }

  /** Ends it as {@code signal} does. */
  int stop(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    List<String> _ = until("there is no such line: read to the end");
    return status();
  }

  int status() throws InterruptedException {
    return process.waitFor(3, TimeUnit.MINUTES) ? process.exitValue() : -1;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
