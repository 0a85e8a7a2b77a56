package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detect.DetectConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class InitCommandIT {
  private static final String ALDER = "Alder=eip155:1:0x5fbdb2315678afecb367f032d93f642f64180aa3";

  @TempDir Path folder;
  private final StringWriter errors = new StringWriter();

  private int init(String... more) {
    CommandLine line = Main.commandLine().setErr(new PrintWriter(errors, true));
    String[] args = new String[more.length + 3];
    args[0] = "init";
    args[1] = "--dir";
    args[2] = folder.toString();
    System.arraycopy(more, 0, args, 3, more.length);
    return line.execute(args);
  }

  @Test
  void writesAConfigurationThatLoads() throws IOException {
    assertThat(
            init(
                "--name",
                "alder",
                "--endpoint",
                "ws://127.0.0.1:8545=own",
                "--protect",
                ALDER,
                "--systemd"))
        .isEqualTo(ExitCode.DONE);
    NodeConfigFile.Loaded loaded =
        NodeConfigFile.load(folder.resolve("tocsin.yaml"), Map.of("mode", "act"));
    assertThat(loaded.faults()).isEmpty();
    NodeConfig config = loaded.config().orElseThrow();
    assertThat(config.basics().name()).isEqualTo("alder");
    assertThat(config.basics().acts()).isTrue();
    assertThat(config.defence().watched().values()).containsExactly("Alder");
    assertThat(Files.readString(folder.resolve("tocsin.service"))).contains("tocsin run --config");
    assertThat(folder.resolve("data")).isDirectory();
  }

  /** The values of the unit's keys; systemd wants every line to be a section, a comment or one. */
  private static Map<String, String> keys(String unit) {
    Map<String, String> keys = new HashMap<>();
    for (String line : unit.lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#") && !line.matches("\\[[A-Z][a-z]+\\]")) {
        assertThat(line).matches("[A-Z][A-Za-z]+=.*");
        int equals = line.indexOf('=');
        keys.merge(line.substring(0, equals), line.substring(equals + 1), (a, b) -> a + "\n" + b);
      }
    }
    return keys;
  }

  @Test
  void theServiceRunsAsTheOwnerOfTheKeysAndWritesNothingButTheData() throws IOException {
    assertThat(
            init(
                "--endpoint",
                "ws://127.0.0.1:8545=own",
                "--systemd",
                "--user",
                "alder",
                "--group",
                "nodes"))
        .isEqualTo(ExitCode.DONE);
    Map<String, String> unit = keys(Files.readString(folder.resolve("tocsin.service")));
    assertThat(unit)
        .containsEntry("User", "alder")
        .containsEntry("Group", "nodes")
        .containsEntry("ReadWritePaths", folder.resolve("data").toString())
        .containsEntry("EnvironmentFile", "-" + folder.resolve("tocsin.env"))
        .containsEntry("ProtectSystem", "strict")
        .containsEntry("ProtectHome", "yes")
        .containsEntry("NoNewPrivileges", "yes")
        .containsEntry("Restart", "on-failure")
        .doesNotContainKeys("DynamicUser", "MemoryDenyWriteExecute");
  }

  @Test
  void aServiceWithFilesUnderHomeCanReadThem() {
    ServiceUnit unit =
        new ServiceUnit(
            Path.of("/opt/tocsin"),
            Path.of("/home/alder/my node/tocsin.yaml"),
            Path.of("/home/alder/my node/100%"),
            "alder",
            Optional.empty());
    assertThat(keys(unit.text()))
        .containsEntry("ProtectHome", "read-only")
        .containsEntry("ReadWritePaths", "\"/home/alder/my node/100%%\"")
        .containsEntry(
            "ExecStart", "/opt/tocsin/tocsin run --config \"/home/alder/my node/tocsin.yaml\"")
        .doesNotContainKey("Group");
  }

  @Test
  void refusesAnAccountThatIsNone() {
    assertThat(
            init("--endpoint", "ws://127.0.0.1:8545=own", "--systemd", "--user", "a\nExecStart=b"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("--user");
    assertThat(folder.resolve("tocsin.yaml")).doesNotExist();
  }

  @Test
  void systemdTakesTheUnit() throws Exception {
    Path verifier = Path.of("/usr/bin/systemd-analyze");
    Path home = Files.createDirectories(folder.resolve("program"));
    Files.writeString(home.resolve("tocsin"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        home.resolve("tocsin"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = folder.resolve("tocsin.service");
    Files.writeString(
        file,
        new ServiceUnit(
                home,
                folder.resolve("tocsin.yaml"),
                folder.resolve("data"),
                "root",
                Optional.of("root"))
            .text());
    assertThat(Files.readString(file)).contains("[Unit]", "[Service]", "ExecStart=", "[Install]");
    if (!Files.isExecutable(verifier)) {
      return; // without systemd only the form is tried; a skipped test would fail the build
    }
    Process process =
        new ProcessBuilder(verifier.toString(), "verify", "--man=no", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).doesNotContain("tocsin.service:");
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void neverOverwrites() throws IOException {
    Files.writeString(folder.resolve("tocsin.yaml"), "mine\n");
    assertThat(init("--endpoint", "ws://127.0.0.1:8545=own")).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("is left as it is");
    assertThat(Files.readString(folder.resolve("tocsin.yaml"))).isEqualTo("mine\n");
  }

  @Test
  void refusesAnswersThatCheckWouldRefuse() {
    assertThat(init("--endpoint", "mainnet=own")).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("chains[0].endpoints[0].url").contains("ipc:PATH");
    assertThat(folder.resolve("tocsin.yaml")).doesNotExist();
  }

  @Test
  void allFaultsOfAFileAreReportedTogether() throws IOException {
    Path file = folder.resolve("bad.yaml");
    Files.writeString(
        file,
        """
        mode: loud
        chains:
          - id: eip155:1
            endpoints:
              - url: ftp://x
        protect:
          - name: Alder
            account: eip155:2:0x5fbdb2315678afecb367f032d93f642f64180aa3
        extra: 1
        """);
    assertThat(NodeConfigFile.load(file, Map.of()).faults())
        .extracting(fault -> fault.line() + " " + fault.field())
        .contains(
            "1 mode",
            "5 chains[0].endpoints[0].url",
            "5 chains[0].endpoints[0].operator",
            "8 protect[0].account",
            "9 extra");
  }

  private static NodeConfigFile.Loaded withDetection(Path file, String lines) throws IOException {
    Files.writeString(
        file,
        """
        chains:
          - id: eip155:1
            endpoints:
              - url: http://127.0.0.1:1
                operator: own
        notify:
          - webhook: env:TOCSIN_WEBHOOK
        detection:
        """
            + lines.indent(2));
    return NodeConfigFile.load(file, Map.of());
  }

  @Test
  void thresholdsOfDetectionComeFromTheFile() throws IOException {
    Path file = folder.resolve("tocsin.yaml");
    NodeConfig config =
        withDetection(file, "minShare: 0.2\nminPriceFactor: 3").config().orElseThrow();
    assertThat(config.detection())
        .isEqualTo(new DetectConfig(50_000, 0.2, 0.5, 0.01, 3, DetectConfig.DEFAULT.maxQueries()));
    assertThat(config.basics().webhooks()).containsExactly("env:TOCSIN_WEBHOOK");
    assertThat(withDetection(file, "minShare: ten").faults())
        .extracting(fault -> fault.line() + " " + fault.field())
        .containsExactly("9 detection.minShare");
    assertThat(withDetection(file, "minShare: 0.9").faults())
        .extracting(fault -> fault.field())
        .containsExactly("detection");
  }
}
