package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.GuardedLender;
import io.tocsin.adapter.contract.TestFederation;
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
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class CheckCommandIT {
  private static final String LENDER = "0x00000000000000000000000000000000000000b1";
  private static final String SIBLING = "eip155:1:0x00000000000000000000000000000000000000a1";
  private static final String PLAIN =
      """
      name: birch
      mode: act
      statusPort: 0
      chains:
        - id: eip155:1
          pending: false
          endpoints:
            - url: %s
              operator: own
      mandates: birch.yaml
      """;

  @TempDir Path folder;

  @BeforeEach
  void files() throws Exception {
    write("tocsin.yaml", PLAIN.formatted("http://127.0.0.1:9"));
    write("birch.yaml", mandates(LENDER, LENDER, LENDER));
  }

  private void write(String name, String text) throws Exception {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private void edit(String name, String from, String to) throws Exception {
    String text = Files.readString(folder.resolve(name));
    assertThat(text).contains(from);
    write(name, text.replace(from, to));
  }

  private static String mandates(String contract, String guardian, String caller) {
    return """
    protocol: Birch
    contract: eip155:1:%1$s
    guardian:
      account: eip155:1:%2$s
      callers: ["%3$s"]
      pausedCap: 72h
    sourceChains: [eip155:1]
    derived:
      siblings:
        - name: Alder
          account: %4$s
      floors:
        - asset: eip155:1/slip44:60
          decimals: 18
          amount: 10
    levers:
      - name: pause
        target: "%1$s"
        call: pause()
        release: unpause()
        probe:
          call: paused()
        blocks: [deposit, borrow]
    mandates:
      - name: birch-direct
        class: direct
        lever: pause
        uses: 3
        cooldown: 1h
        duration: 12h
        expiry: 2099-01-01T00:00:00Z
      - name: birch-derived
        class: derived
        lever: pause
        uses: 2
        cooldown: 6h
        duration: 2h
        expiry: 2099-01-01T00:00:00Z
    """
        .formatted(contract, guardian, caller, SIBLING);
  }

  private int check(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("check", "--config", folder.resolve("tocsin.yaml").toString()));
    arguments.addAll(List.of("--json", folder.resolve("out.json").toString()));
    arguments.addAll(List.of(more));
    return Main.commandLine().execute(arguments.toArray(String[]::new));
  }

  private JsonNode out() throws Exception {
    return Json.parse(Files.readAllBytes(folder.resolve("out.json")));
  }

  private List<String> list(String name) throws Exception {
    return StreamSupport.stream(out().path(name).spliterator(), false)
        .map(JsonNode::asString)
        .toList();
  }

  @Test
  void acceptsWhatInitWrites() throws Exception {
    Files.delete(folder.resolve("tocsin.yaml"));
    assertThat(
            Main.commandLine()
                .execute(
                    "init",
                    "--dir",
                    folder.toString(),
                    "--endpoint",
                    "ws://127.0.0.1:8545=own",
                    "--protect",
                    "Birch=eip155:1:" + LENDER))
        .isEqualTo(ExitCode.DONE);
    assertThat(check()).isEqualTo(ExitCode.DONE);
    assertThat(out().path("ok").asBoolean()).isTrue();
  }

  @Test
  void namesFileAndLineOfWhatIsWrong() throws Exception {
    edit("tocsin.yaml", "statusPort: 0", "statusPort: high");
    edit("birch.yaml", "uses: 3", "uses: 300");
    assertThat(check()).isEqualTo(ExitCode.USAGE);
    assertThat(list("faults"))
        .anyMatch(fault -> fault.contains("tocsin.yaml:3:") && fault.contains("statusPort"));
    edit("tocsin.yaml", "statusPort: high", "statusPort: 0");
    assertThat(check()).isEqualTo(ExitCode.USAGE);
    assertThat(list("faults"))
        .anyMatch(fault -> fault.contains("birch.yaml:28:") && fault.contains("uses"));
  }

  @Test
  void givesTheWorstCaseAsNumbers() throws Exception {
    assertThat(check()).isEqualTo(ExitCode.DONE);
    JsonNode target = out().path("worstCase").path(0);
    assertThat(target.path("target").asString()).isEqualTo("eip155:1:" + LENDER);
    assertThat(target.path("pausedSeconds").asLong()).isEqualTo((3 * 12 + 2 * 2) * 3_600);
    assertThat(target.path("pausedSecondsByClass").path("direct").asLong())
        .isEqualTo(3 * 12 * 3_600);
    assertThat(target.path("pausedSecondsByClass").path("derived").asLong())
        .isEqualTo(2 * 2 * 3_600);
    assertThat(target.path("mandates").path(1).path("uses").asInt()).isEqualTo(2);
    assertThat(target.path("mandates").path(1).path("mode").asString()).isEqualTo("shadow");
    assertThat(list("worstCaseText").getFirst()).contains("can be paused for 1d 16h in 30 days");
    assertThat(target.path("warnings").toString()).doesNotContain("blocks");
    edit("birch.yaml", "blocks: [deposit, borrow]", "blocks: [repay, liquidate]");
    assertThat(check()).isEqualTo(ExitCode.DONE);
    assertThat(out().path("worstCase").path(0).path("warnings").path(0).asString())
        .contains("blocks repay and liquidate");
  }

  @Test
  void findsWhatARunWouldRefuseOrFailOnAtTheAlarm() throws Exception {
    edit(
        "birch.yaml",
        "name: birch-direct\n",
        "name: birch-direct\n    mode: act\n    id: \"0x" + "11".repeat(32) + "\"\n");
    assertThat(check()).isEqualTo(ExitCode.USAGE);
    assertThat(list("faults"))
        .singleElement()
        .asString()
        .contains("tocsin.yaml:10: mandates: mode is act and mandate birch-direct may act", "add");

    Path config = folder.resolve("tocsin.yaml");
    Files.writeString(
        config,
        Files.readString(config) + "responder:\n  key: responder.json\n  password: env:SECRET\n");
    assertThat(check()).isEqualTo(ExitCode.USAGE);
    assertThat(list("faults")).singleElement().asString().contains("tocsin.yaml:12: responder.key");
    write("responder.json", key(1));
    assertThat(check()).isEqualTo(ExitCode.USAGE);
    assertThat(list("faults"))
        .singleElement()
        .asString()
        .contains("birch.yaml:5: guardian.callers", "0x70997970c51812dc3a010c7d01b50e0d17dc79c8");
    edit("birch.yaml", "[\"" + LENDER + "\"]", "[\"0x70997970c51812dc3a010c7d01b50e0d17dc79c8\"]");
    assertThat(check()).isEqualTo(ExitCode.DONE);
    edit("tocsin.yaml", "password: env:SECRET\n", "password: env:SECRET\n  gasPerDay: 0.3 ether\n");
    assertThat(check()).isEqualTo(ExitCode.DONE);
    assertThat(out().path("gasPerDayWei").asString()).isEqualTo("300000000000000000");
    edit("tocsin.yaml", "- id: eip155:1", "- id: eip155:10");
    assertThat(check()).isEqualTo(ExitCode.USAGE);
    assertThat(list("faults"))
        .singleElement()
        .asString()
        .contains("birch.yaml:4: guardian.account", "is on a chain that is not under chains");
  }

  private static String key(int index) {
    byte[] secret = Bytes.hex(Anvil.KEYS.get(index)).toArray();
    String address = index == 1 ? "70997970c51812dc3a010c7d01b50e0d17dc79c8" : "";
    return Json.pretty(
        KeyFile.lock(secret, address, "secret".toCharArray(), KeyFile.Cost.LIGHT, new Random(1)));
  }

  @Test
  void saysWhichEndpointDoesNotAnswer() throws Exception {
    assertThat(check("--online")).isEqualTo(ExitCode.NEGATIVE);
    assertThat(list("faults")).anyMatch(fault -> fault.contains("eip155:1: http://127.0.0.1:9"));
  }

  /** The guardian of the mandates in the file, deployed by their owner. */
  private String deploy(GuardedLender world) throws Exception {
    write("federation.json", world.federation().write());
    write("owner.json", key(0));
    write("password", "secret\n");
    String lender = world.lenderAccount().address().toString();
    write(
        "birch.yaml",
        mandates(
            lender,
            "0x0000000000000000000000000000000000000000",
            world.responderAddress().toString()));
    write("tocsin.yaml", PLAIN.formatted(world.http()));
    assertThat(guardian(world, "deploy", "--roster", folder.resolve("federation.json").toString()))
        .isEqualTo(ExitCode.DONE);
    String guardian = out().path("guardian").asString();
    edit("birch.yaml", "eip155:1:0x0000000000000000000000000000000000000000", guardian);
    for (JsonNode mandate : out().path("mandates")) {
      String name = "name: " + mandate.path("name").asString() + "\n";
      edit("birch.yaml", name, name + "    id: \"" + mandate.path("id").asString() + "\"\n");
    }
    return guardian;
  }

  private int guardian(GuardedLender world, String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of("guardian", command));
    arguments.addAll(List.of(more));
    if (command.equals("deploy") || command.equals("propose")) {
      arguments.addAll(List.of("--mandates", folder.resolve("birch.yaml").toString()));
    }
    arguments.addAll(
        List.of("--rpc", world.http(), "--json", folder.resolve("out.json").toString()));
    arguments.addAll(List.of("--key", folder.resolve("owner.json").toString()));
    arguments.addAll(List.of("--password", "file:" + folder.resolve("password")));
    return Main.commandLine().execute(arguments.toArray(String[]::new));
  }

  @Test
  void comparesEveryMandateWithTheChain() throws Exception {
    try (GuardedLender world = new GuardedLender("--chain-id", "1")) {
      String guardian = deploy(world);
      assertThat(check("--online")).isEqualTo(ExitCode.DONE);
      assertThat(list("notes")).anyMatch(note -> note.contains(guardian + " of owner 0xf39f"));
      String honest = Files.readString(folder.resolve("birch.yaml"));
      differs(honest, "pausedCap: 72h", "pausedCap: 71h", "birch.yaml:6: guardian.pausedCap");
      differs(honest, "class: derived", "class: local\n    maxAge: 0s", "maxAge");
      differs(honest, "duration: 2h", "duration: 3h", "duration: the file says PT3H");
      differs(honest, "cooldown: 6h", "cooldown: 5h", "birch-derived, cooldown");
      differs(honest, "uses: 3", "uses: 4", "birch-direct, uses");
      differs(honest, "2099", "2098", "expiry: the file says 2098");
      differs(honest, "call: pause()", "call: stop()", "lever.call");
      differs(honest, "paused()", "stopped()", "lever.probe");
      differs(honest, "blocks:", "safe: \"" + LENDER + "\"\n    blocks:", "lever.safe");
      differs(
          honest, SIBLING, SIBLING.replace("00a1", "00a2"), "permits subjects that the file does");
      differs(
          honest,
          "[\"" + world.responderAddress(),
          "[\"" + LENDER + "\", \"" + world.responderAddress(),
          "guardian.callers");
      differs(honest, guardian, "eip155:1:" + LENDER, "birch.yaml:4: guardian.account");
      differs(
          honest,
          "target: \"" + world.lenderAccount().address(),
          "target: \"" + LENDER,
          "lever.target");
    }
  }

  private void differs(String honest, String from, String to, String fault) throws Exception {
    assertThat(honest).contains(from);
    write("birch.yaml", honest.replace(from, to));
    assertThat(check("--online")).as(to).isIn(ExitCode.NEGATIVE, ExitCode.USAGE);
    assertThat(list("faults")).as(to).anyMatch(found -> found.contains(fault));
    write("birch.yaml", honest);
  }

  @Test
  void mandatesThatTheFileDoesNotNameAreFaultsWithAWorstCase() throws Exception {
    try (GuardedLender world = new GuardedLender("--chain-id", "1")) {
      String guardian = deploy(world);
      String honest = Files.readString(folder.resolve("birch.yaml"));
      String shorter = honest.substring(0, honest.indexOf("  - name: birch-derived"));
      write("birch.yaml", shorter);
      assertThat(check("--online")).isEqualTo(ExitCode.NEGATIVE);
      assertThat(list("faults")).anyMatch(f -> f.contains("(DERIVED") && f.contains("not name"));
      JsonNode target = out().path("worstCase").path(0);
      assertThat(target.path("pausedSecondsByClass").path("derived").asLong())
          .isEqualTo(2 * 2 * 3_600);

      write("birch.yaml", honest);
      edit("birch.yaml", "uses: 2", "uses: 9");
      assertThat(guardian(world, "propose", guardian, "--mandate", "birch-derived"))
          .isEqualTo(ExitCode.DONE);
      write("birch.yaml", honest);
      assertThat(check("--online")).isEqualTo(ExitCode.NEGATIVE);
      assertThat(list("faults")).singleElement().asString().contains("does not name");
    }
  }

  @Test
  void seesSiblingsInADirectRootAndAnOldRoster() throws Exception {
    try (GuardedLender world = new GuardedLender("--chain-id", "1")) {
      String guardian = deploy(world);
      edit("birch.yaml", "contract: " + world.lenderAccount(), "contract: eip155:1:" + LENDER);
      edit("birch.yaml", SIBLING, world.lenderAccount().toString());
      assertThat(check("--online")).isEqualTo(ExitCode.NEGATIVE);
      assertThat(list("faults"))
          .anyMatch(
              fault ->
                  fault.contains("birch-direct")
                      && fault.contains("it permits its siblings [" + world.lenderAccount()));

      deploy(world);
      Path config = folder.resolve("tocsin.yaml");
      Files.createDirectories(folder.resolve("keys"));
      Files.writeString(
          config,
          Files.readString(config)
              + "federation:\n  roster: federation.json\n  keys: keys\n  password: env:SECRET\n");
      assertThat(check("--online")).isEqualTo(ExitCode.DONE);
      write("federation.json", world.town().rotated(world.now().minusSeconds(1)).write());
      assertThat(check("--online")).isEqualTo(ExitCode.NEGATIVE);
      assertThat(list("faults"))
          .singleElement()
          .asString()
          .contains("is in epoch 1 and refuses certificates of epoch 2");
      write(
          "federation.json",
          new TestFederation(world.now().minus(Duration.ofHours(1))).file().write());
      assertThat(check("--online")).isEqualTo(ExitCode.NEGATIVE);
      assertThat(list("faults")).singleElement().asString().contains("of federation");
      assertThat(guardian).isNotEmpty();
    }
  }
}
