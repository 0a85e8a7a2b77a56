package io.tocsin.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.GuardedLender;
import io.tocsin.adapter.keys.KeyFile;
import io.tocsin.adapter.rpc.Anvil;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class GuardianCommandIT {
  @TempDir Path directory;
  private GuardedLender world = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static GuardedLender unset() {
    return null;
  }

  @BeforeEach
  void build() throws Exception {
    world = new GuardedLender("--chain-id", "1");
    Files.writeString(directory.resolve("federation.json"), world.federation().write());
    password("correct horse");
    key("owner.json", 0);
    key("stranger.json", 3);
    Files.writeString(directory.resolve("birch.yaml"), mandates());
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void key(String name, int index) throws Exception {
    byte[] secret = Bytes.hex(Anvil.KEYS.get(index)).toArray();
    write(
        name,
        Json.pretty(
            KeyFile.lock(
                secret, "", "correct horse".toCharArray(), KeyFile.Cost.LIGHT, new Random(1))));
  }

  private void password(String text) throws Exception {
    write("password", text + "\n");
  }

  private void write(String name, String text) throws Exception {
    Path file = Files.writeString(directory.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private String mandates() {
    return """
    protocol: Birch
    contract: %1$s
    guardian:
      account: eip155:1:0x0000000000000000000000000000000000000000
      callers: ["%2$s"]
      pausedCap: 72h
    levers:
      - name: pause
        target: "%3$s"
        call: pause()
        release: unpause()
        probe:
          call: paused()
    mandates:
      - name: birch-direct
        class: direct
        lever: pause
        uses: 3
        cooldown: 1h
        duration: 24h
        expiry: 2099-01-01T00:00:00Z
    """
        .formatted(
            world.lenderAccount(), world.responderAddress(), world.lenderAccount().address());
  }

  private int run(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of("guardian", command));
    arguments.addAll(List.of(more));
    arguments.addAll(
        List.of("--rpc", world.http(), "--json", directory.resolve("out.json").toString()));
    return Main.commandLine().execute(arguments.toArray(String[]::new));
  }

  private int as(String key, String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(
        List.of(
            "--key",
            directory.resolve(key).toString(),
            "--password",
            "file:" + directory.resolve("password")));
    return run(command, arguments.toArray(String[]::new));
  }

  private JsonNode out() throws Exception {
    return Json.parse(Files.readAllBytes(directory.resolve("out.json")));
  }

  private int deploy(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--mandates",
                directory.resolve("birch.yaml").toString(),
                "--roster",
                directory.resolve("federation.json").toString()));
    arguments.addAll(List.of(more));
    return as("owner.json", "deploy", arguments.toArray(String[]::new));
  }

  @Test
  void deploysShowsAndVetoes() throws Exception {
    assertThat(deploy()).isEqualTo(ExitCode.DONE);
    String guardian = out().path("guardian").asString();
    String mandate = out().path("mandates").path(0).path("id").asString();
    assertThat(out().path("federation").asString())
        .isEqualTo(world.federation().federation().id().toString());

    assertThat(run("status", guardian)).isEqualTo(ExitCode.DONE);
    assertThat(out().path("epochs").path(0).path("members").asInt()).isEqualTo(5);
    assertThat(out().path("mandates").path(0).path("id").asString()).isEqualTo(mandate);
    assertThat(out().path("mandates").path(0).path("uses_left").asInt()).isEqualTo(3);
    assertThat(out().path("targets").path(0).path("cap_seconds").asInt()).isEqualTo(259_200);

    assertThat(as("stranger.json", "veto", guardian, mandate)).isEqualTo(ExitCode.NEGATIVE);
    assertThat(as("owner.json", "veto", guardian, mandate)).isEqualTo(ExitCode.DONE);
    assertThat(run("status", guardian)).isEqualTo(ExitCode.DONE);
    assertThat(out().path("mandates").path(0).path("vetoed").asBoolean()).isTrue();
  }

  @Test
  void holdsRatifiesAndReleasesAPause() throws Exception {
    String guardian = world.guardianAccount().toString();
    String target = world.lenderAccount().address().toString();
    String mandate = world.tripDirect().toString();
    assertThat(run("status", guardian)).isEqualTo(ExitCode.NEGATIVE);
    assertThat(out().path("paused").asBoolean()).isTrue();
    assertThat(as("stranger.json", "release", guardian, mandate)).isEqualTo(ExitCode.NEGATIVE);
    assertThat(as("owner.json", "hold", guardian, target)).isEqualTo(ExitCode.DONE);
    assertThat(as("owner.json", "hold", guardian, target)).isEqualTo(ExitCode.NEGATIVE);
    assertThat(as("owner.json", "let-go", guardian, target)).isEqualTo(ExitCode.DONE);
    assertThat(as("owner.json", "ratify", guardian, mandate)).isEqualTo(ExitCode.DONE);
    assertThat(as("owner.json", "lift", guardian, mandate)).isEqualTo(ExitCode.DONE);
    assertThat(run("status", guardian)).isEqualTo(ExitCode.DONE);
  }

  @Test
  void anyoneReleasesWhenTheTimeIsOver() throws Exception {
    String mandate = world.tripDirect().toString();
    world.pass(Duration.ofHours(6));
    assertThat(as("stranger.json", "release", world.guardianAccount().toString(), mandate))
        .isEqualTo(ExitCode.DONE);
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertThat(run("status", "eip155:10:" + world.lenderAccount().address()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("status", "nobody")).isEqualTo(ExitCode.USAGE);
    assertThat(run("status", world.lenderAccount().toString())).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(as("owner.json", "veto", world.guardianAccount().toString(), "0x12"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(deploy("--roster-delay", "soon")).isEqualTo(ExitCode.USAGE);
    password("wrong");
    assertThat(deploy()).isEqualTo(ExitCode.USAGE);
    Files.writeString(directory.resolve("birch.yaml"), "protocol: Birch\n");
    assertThat(deploy()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void neverOffersATrip() {
    assertThat(
            requireNonNull(Main.commandLine().getSubcommands().get("guardian"))
                .getSubcommands()
                .keySet())
        .containsExactlyInAnyOrder(
            "deploy", "status", "veto", "hold", "let-go", "ratify", "lift", "release");
  }
}
