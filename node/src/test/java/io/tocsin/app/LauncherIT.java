package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher on machines that lack what it needs: one sentence, and exit status 3. */
final class LauncherIT {
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "cksum",
          "dirname",
          "env",
          "find",
          "grep",
          "mkdir",
          "readlink",
          "rm",
          "sleep",
          "tail",
          "touch");
  private static final String JDK = System.getProperty("java.home");

  @TempDir private Path folder;
  private Path root = Path.of("");
  private Path tools = Path.of("");

  private record Result(int status, String out, String errors) {}

  /** A checkout with the scripts alone, and a PATH without Java, Maven and npm. */
  @BeforeEach
  void copy() throws IOException {
    Path checkout = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(checkout.resolve("build/find-jdk"))) {
      checkout = Objects.requireNonNull(checkout.getParent(), "no checkout above here");
    }
    root = Files.createDirectories(folder.resolve("checkout"));
    Files.createDirectories(root.resolve("build"));
    Files.copy(checkout.resolve("tocsin"), root.resolve("tocsin"));
    Files.copy(checkout.resolve("build/find-jdk"), root.resolve("build/find-jdk"));
    tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : TOOLS) {
      Path found =
          Stream.of("/usr/bin", "/bin")
              .map(directory -> Path.of(directory, tool))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(tools.resolve(tool), found);
    }
  }

  private Result run(Map<String, String> environment, String script, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of("/bin/bash", root.resolve(script).toString()), Stream.of(arguments))
                .toList());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Path out = folder.resolve("out");
    Path errors = folder.resolve("errors");
    Process process = builder.redirectOutput(out.toFile()).redirectError(errors.toFile()).start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Result(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(errors, StandardCharsets.UTF_8));
  }

  private static void assertSentence(Result result, String... words) {
    assertThat(result.status()).as(result.errors()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(result.out()).isEmpty();
    assertThat(result.errors()).startsWith("tocsin: ").contains(words).hasLineCount(1);
  }

  @Test
  void javaHomeIsEnoughWithoutAHome() throws Exception {
    Result result = run(Map.of("JAVA_HOME", JDK), "build/find-jdk");
    assertThat(result.errors()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).isEqualTo(JDK + "\n");
    Result emptyPath = run(Map.of("JAVA_HOME", JDK, "PATH", ""), "build/find-jdk");
    assertThat(emptyPath).isEqualTo(result);
  }

  @Test
  void saysThatAJdkIsMissing() throws Exception {
    Map<String, String> nothing =
        Map.of("PATH", tools.toString(), "JAVA_HOME", "", "TOCSIN_JDKS", folder + "/none");
    assertSentence(run(nothing, "build/find-jdk"), "JDK 25", "JAVA_HOME");
    assertSentence(run(nothing, "tocsin", "--help"), "JDK 25", "JAVA_HOME");
  }

  @Test
  void saysThatMavenIsMissing() throws Exception {
    Map<String, String> environment = Map.of("PATH", tools.toString(), "JAVA_HOME", JDK);
    assertSentence(run(environment, "tocsin", "--help"), "Maven 3.8", "apt-get install maven");
  }

  @Test
  void saysThatNpmIsMissing() throws Exception {
    Files.createDirectories(root.resolve("node/target/lib"));
    Files.createFile(root.resolve("node/target/tocsin-node.jar"));
    Map<String, String> environment = Map.of("PATH", tools.toString(), "JAVA_HOME", JDK);
    assertSentence(run(environment, "tocsin", "demo"), "npm", "Node.js 20");
  }
}
