package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.rpc.Anvil;
import io.tocsin.adapter.rpc.JsonRpc;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.NodeCalls.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class PastReplayIT {
  private static final String OWNER = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
  private static final String USER = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
  private static final String ROBBER = "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc";

  /** Keeps what it is paid, and pays all that it has to whoever calls it with nothing. */
  private static final String VAULT = "34600d575f5f5f5f47335af1005b00";

  @TempDir private Path scratch = Path.of(".");

  private static int run(String... arguments) {
    return Main.commandLine().execute(arguments);
  }

  private static String send(JsonRpc rpc, Map<String, String> transaction) {
    Reply reply = rpc.call("eth_sendTransaction", new HashMap<>(transaction));
    assertThat(reply).isInstanceOf(Reply.Result.class);
    return ((Reply.Result) reply).value().asString();
  }

  private static String deploy(JsonRpc rpc, String from, String runtime) {
    String init = "0x60%02x8060095f395ff3%s".formatted(runtime.length() / 2, runtime);
    String tx = send(rpc, Map.of("from", from, "data", init));
    Reply receipt = rpc.call("eth_getTransactionReceipt", tx);
    return ((Reply.Result) receipt).value().get("contractAddress").asString();
  }

  /** Calls the vault when called with anything, and keeps what comes. */
  private static String thief(String vault) {
    return "3615602257" + "5f5f5f5f5f73" + vault.substring(2) + "5af1005b00";
  }

  private List<String> arguments(Anvil anvil, String vault, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "replay",
                "--watch",
                vault,
                "--from-block",
                "1",
                "--to-block",
                "8",
                "--rpc",
                anvil.http(),
                "--progress",
                scratch.resolve("p.jsonl").toString(),
                "--json",
                scratch.resolve("out.json").toString()));
    all.addAll(List.of(more));
    return all;
  }

  private JsonNode result() throws IOException, MalformedException {
    return Json.parse(Files.readAllBytes(scratch.resolve("out.json")));
  }

  @Test
  void tellsWhatAPauseWouldHaveKeptOutAndGoesOnWhereItWasStopped()
      throws IOException, MalformedException {
    try (Anvil anvil = Anvil.start();
        JsonRpc rpc = JsonRpc.open(anvil.http())) {
      String vault = deploy(rpc, OWNER, VAULT);
      send(rpc, Map.of("from", USER, "to", vault, "value", "0x500"));
      String thief = deploy(rpc, ROBBER, thief(vault));
      Map<String, String> robbery =
          Map.of("from", ROBBER, "to", thief, "data", "0x01", "gas", "0x100000");
      String first = send(rpc, robbery);
      send(rpc, Map.of("from", USER, "to", vault, "value", "0x100"));
      send(rpc, Map.of("from", OWNER, "to", vault, "value", "0x200"));
      String second = send(rpc, robbery);
      send(rpc, Map.of("from", USER, "to", vault, "value", "0x10"));
      Path html = scratch.resolve("out.html");

      List<String> asked = arguments(anvil, vault, "--attack", first, "--html", html.toString());
      assertThat(run(asked.toArray(String[]::new))).isEqualTo(ExitCode.NEGATIVE);

      JsonNode whole = result();
      assertThat(whole.get("pauses")).hasSize(1);
      JsonNode pause = whole.at("/pauses/0");
      assertThat(pause.get("tx").stringValue()).isEqualTo(first);
      assertThat(pause.get("right").stringValue()).isEqualTo("attack");
      assertThat(pause.at("/findings/0/subject").stringValue()).isEqualTo(vault);
      assertThat(pause.at("/findings/0/losses/native").stringValue()).isEqualTo("1280");
      assertThat(pause.at("/averted/0/tx").stringValue()).isEqualTo(second);
      assertThat(pause.at("/averted/0/lead_blocks").intValue()).isEqualTo(3);
      assertThat(pause.at("/others_kept_out/transactions").intValue()).isEqualTo(2);
      assertThat(pause.at("/others_kept_out/senders").intValue()).isEqualTo(2);
      assertThat(whole.get("missed")).isEmpty();
      assertThat(Files.readString(html)).contains("Not stopped", "Kept out", first, vault);

      Path progress = scratch.resolve("p.jsonl");
      String written = Files.readString(progress);
      Files.writeString(progress, written.substring(0, written.length() / 2));
      assertThat(run(asked.toArray(String[]::new))).isEqualTo(ExitCode.NEGATIVE);
      assertThat(result()).isEqualTo(whole);
      assertThat(Files.readString(progress)).isEqualTo(written);

      List<String> beyond = arguments(anvil, vault);
      beyond.set(beyond.indexOf("--to-block") + 1, "9");
      assertThat(run(beyond.toArray(String[]::new))).isEqualTo(ExitCode.USAGE);
      beyond.set(beyond.indexOf("--progress") + 1, scratch.resolve("q.jsonl").toString());
      assertThat(run(beyond.toArray(String[]::new))).isEqualTo(ExitCode.ENVIRONMENT);
      assertThat(Files.readAllLines(scratch.resolve("q.jsonl"))).hasSize(9);
    }
  }

  @Test
  void refusesWhatItCannotReplay() {
    String rpc = "http://127.0.0.1:9";
    String contract = "0x" + "0a".repeat(20);
    assertThat(run("replay", "--html", "x.html")).isEqualTo(ExitCode.USAGE);
    assertThat(run("replay", "--watch", contract, "--rpc", rpc)).isEqualTo(ExitCode.USAGE);
    assertThat(run("replay", "--watch", contract, "--from-block", "1", "--to-block", "2"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(
            run("replay", "--watch", "0x12", "--from-block", "1", "--to-block", "2", "--rpc", rpc))
        .isEqualTo(ExitCode.USAGE);
    assertThat(
            run(
                "replay",
                "--watch",
                contract,
                "--from-block",
                "3",
                "--to-block",
                "2",
                "--rpc",
                rpc))
        .isEqualTo(ExitCode.USAGE);
    assertThat(
            run(
                "replay",
                "--watch",
                contract,
                "--from-block",
                "1",
                "--to-block",
                "2",
                "--rpc",
                rpc))
        .isEqualTo(ExitCode.ENVIRONMENT);
  }
}
