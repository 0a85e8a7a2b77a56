package io.tocsin.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.GuardedLender;
import io.tocsin.adapter.contract.TestFederation;
import io.tocsin.adapter.keys.KeyFile;
import io.tocsin.adapter.rpc.Anvil;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.identity.DatedRevocation;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.SignedRoster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
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

  private String federation(FederationFile file) throws Exception {
    Path path = directory.resolve("federation.json");
    Files.writeString(path, file.write());
    return path.toString();
  }

  @Test
  void aGuardianIsBehindUntilTheNextRosterIsBrought() throws Exception {
    String guardian = world.guardianAccount().toString();
    String file = federation(world.federation());
    assertThat(run("status", guardian, "--roster", file)).isEqualTo(ExitCode.DONE);
    assertThat(as("stranger.json", "rotate", guardian, "--roster", file)).isEqualTo(ExitCode.DONE);
    assertThat(out().path("transactions")).as("nothing is newer").isEmpty();

    federation(world.town().rotated(world.now().plusSeconds(60)));
    world.pass(Duration.ofMinutes(2));
    assertThat(run("status", guardian, "--roster", file)).isEqualTo(ExitCode.NEGATIVE);
    assertThat(out().path("federation_file").path("epoch_in_force").asInt()).isEqualTo(2);
    assertThat(out().path("federation_file").path("behind").path(0).asString())
        .contains("is in epoch 1 and refuses certificates of epoch 2", "tocsin guardian rotate");

    assertThat(as("stranger.json", "rotate", guardian, "--roster", file)).isEqualTo(ExitCode.DONE);
    assertThat(out().path("epoch").asInt()).isEqualTo(2);
    assertThat(out().path("in_force").asBoolean()).isFalse();
    assertThat(as("stranger.json", "rotate", guardian, "--roster", file))
        .as("the one that waits comes first")
        .isEqualTo(ExitCode.NEGATIVE);
    assertThat(run("status", guardian, "--roster", file)).isEqualTo(ExitCode.NEGATIVE);
    assertThat(out().path("federation_file").path("behind").path(0).asString())
        .contains("epoch 2 waits there until");
    world.pass(Duration.ofDays(2));
    assertThat(run("status", guardian, "--roster", file)).isEqualTo(ExitCode.DONE);
    assertThat(out().path("epochs").path(0).path("epoch").asInt()).isEqualTo(2);
  }

  @Test
  void theOwnerRefusesARoster() throws Exception {
    String guardian = world.guardianAccount().toString();
    assertThat(as("owner.json", "veto-roster", guardian)).isEqualTo(ExitCode.NEGATIVE);
    String file = federation(world.town().rotated(world.now().plusSeconds(60)));
    assertThat(as("stranger.json", "rotate", guardian, "--roster", file)).isEqualTo(ExitCode.DONE);
    assertThat(as("stranger.json", "veto-roster", guardian)).isEqualTo(ExitCode.NEGATIVE);
    assertThat(as("owner.json", "veto-roster", guardian)).isEqualTo(ExitCode.DONE);
    assertThat(as("stranger.json", "rotate", guardian, "--roster", file))
        .isEqualTo(ExitCode.NEGATIVE);
  }

  @Test
  void refusesRostersThatAreNotItsOwn() throws Exception {
    String guardian = world.guardianAccount().toString();
    FederationFile signed = world.town().rotated(world.now().plusSeconds(60));
    SignedRoster poor =
        new SignedRoster(
            signed.rosters().getLast().roster(),
            signed.rosters().getLast().endorsements().subList(0, 2));
    String file = federation(signed.withLast(poor));
    assertThat(as("owner.json", "rotate", guardian, "--roster", file))
        .as("it lacks signatures")
        .isEqualTo(ExitCode.USAGE);
    federation(new TestFederation(world.now().minusSeconds(9)).file());
    assertThat(as("owner.json", "rotate", guardian, "--roster", file))
        .as("it is of another federation")
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void carriesRevocationsToTheChain() throws Exception {
    String guardian = world.guardianAccount().toString();
    Revocation revocation = world.town().revocation();
    String file = federation(world.federation().with(new DatedRevocation(revocation, 1)));
    assertThat(run("status", guardian, "--roster", file)).isEqualTo(ExitCode.NEGATIVE);
    assertThat(out().path("federation_file").path("behind").path(0).asString())
        .contains("still counts the revoked key of " + revocation.account());
    assertThat(as("stranger.json", "revoke", guardian, "--roster", file)).isEqualTo(ExitCode.DONE);
    assertThat(out().path("transactions")).hasSize(1);
    assertThat(run("status", guardian, "--roster", file)).isEqualTo(ExitCode.DONE);
    String line = revocation.encode().toHex();
    assertThat(as("stranger.json", "revoke", guardian, "--revocation", line))
        .isEqualTo(ExitCode.DONE);
    assertThat(out().path("transactions")).as("it is known").isEmpty();
    assertThat(as("stranger.json", "revoke", guardian, "--revocation", "0xc0"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(as("stranger.json", "revoke", guardian)).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void revokesOnTheLineThatRosterRevokePrints() throws Exception {
    String line = world.town().revocation().encode().toHex();
    String guardian = world.guardianAccount().toString();
    assertThat(as("stranger.json", "revoke", guardian, "--revocation", line))
        .isEqualTo(ExitCode.DONE);
    assertThat(out().path("transactions")).hasSize(1);
  }

  @Test
  void widensAfterAWaitAndNarrowsAtOnce() throws Exception {
    assertThat(deploy()).isEqualTo(ExitCode.DONE);
    String guardian = out().path("guardian").asString();
    String mandate = out().path("mandates").path(0).path("id").asString();
    Path file = directory.resolve("birch.yaml");
    String[] proposal = {guardian, "--mandates", file.toString(), "--mandate", "birch-direct"};
    assertThat(as("owner.json", "propose", proposal)).as("of another").isEqualTo(ExitCode.USAGE);
    Files.writeString(
        file,
        mandates()
            .replace("eip155:1:0x0000000000000000000000000000000000000000", guardian)
            .replace("uses: 3", "uses: 5"));
    assertThat(as("stranger.json", "propose", proposal)).isEqualTo(ExitCode.NEGATIVE);
    assertThat(as("owner.json", "propose", proposal)).isEqualTo(ExitCode.DONE);
    String wider = out().path("id").asString();
    assertThat(run("status", guardian)).isEqualTo(ExitCode.DONE);
    JsonNode second = out().path("mandates").path(1);
    assertThat(second.path("id").asString()).isEqualTo(wider);
    assertThat(second.path("uses_left").asInt()).isEqualTo(5);
    assertThat(Instant.parse(second.path("active_from").asString()))
        .isAfter(world.now().plus(Duration.ofHours(23)));
    proposal[4] = "birch-none";
    assertThat(as("owner.json", "propose", proposal)).isEqualTo(ExitCode.USAGE);

    assertThat(as("owner.json", "narrow", guardian, mandate, "--uses", "9"))
        .as("wider")
        .isEqualTo(ExitCode.NEGATIVE);
    assertThat(as("owner.json", "narrow", guardian, mandate)).isEqualTo(ExitCode.USAGE);
    assertThat(as("owner.json", "narrow", guardian, mandate, "--expiry", "soon"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(as("owner.json", "narrow", guardian, mandate, "--uses", "1"))
        .isEqualTo(ExitCode.DONE);
    assertThat(as("owner.json", "narrow", guardian, mandate, "--expiry", "2098-01-01T00:00:00Z"))
        .isEqualTo(ExitCode.DONE);
    String caller = world.responderAddress().toString();
    assertThat(as("owner.json", "remove-caller", guardian, mandate, caller))
        .isEqualTo(ExitCode.DONE);
    assertThat(as("owner.json", "remove-caller", guardian, mandate, caller))
        .as("it is none any more")
        .isEqualTo(ExitCode.NEGATIVE);
    assertThat(run("status", guardian)).isEqualTo(ExitCode.DONE);
    JsonNode first = out().path("mandates").path(0);
    assertThat(first.path("uses_left").asInt()).isEqualTo(1);
    assertThat(first.path("expiry").asString()).isEqualTo("2098-01-01T00:00:00Z");
  }

  @Test
  void neverOffersATrip() {
    assertThat(
            requireNonNull(Main.commandLine().getSubcommands().get("guardian"))
                .getSubcommands()
                .keySet())
        .containsExactlyInAnyOrder(
            "deploy",
            "status",
            "rotate",
            "veto-roster",
            "revoke",
            "propose",
            "narrow",
            "remove-caller",
            "veto",
            "hold",
            "let-go",
            "ratify",
            "lift",
            "release");
  }
}
