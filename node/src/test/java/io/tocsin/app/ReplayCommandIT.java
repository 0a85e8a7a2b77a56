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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ReplayCommandIT {
  private static final String FROM = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
  private static final String TO = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

  @TempDir private Path scratch = Path.of(".");

  private static int run(String... arguments) {
    return Main.commandLine().execute(arguments);
  }

  @Test
  void readsABlockAndATransactionOfARealNode() throws IOException, MalformedException {
    Path out = scratch.resolve("r.json");
    try (Anvil anvil = Anvil.start();
        JsonRpc rpc = JsonRpc.open(anvil.http())) {
      Reply sent = rpc.call("eth_sendTransaction", Map.of("from", FROM, "to", TO, "value", "0x1"));
      assertThat(sent).isInstanceOf(Reply.Result.class);
      String tx = ((Reply.Result) sent).value().asString();

      assertThat(run("replay", "--tx", tx, "--rpc", anvil.http())).isEqualTo(ExitCode.DONE);
      assertThat(run("replay", "--block", "1", "--rpc", anvil.http(), "--json", out.toString()))
          .isEqualTo(ExitCode.DONE);
      JsonNode transactions = Json.parse(Files.readAllBytes(out)).get("transactions");
      assertThat(transactions).hasSize(1);
      assertThat(transactions.get(0).get("tx").stringValue()).isEqualTo(tx);
      assertThat(transactions.get(0).get("scan").stringValue()).isEqualTo("clean");

      Path html = scratch.resolve("e.html");
      assertThat(run("explain", tx, "--rpc", anvil.http(), "--html", html.toString()))
          .isEqualTo(ExitCode.DONE);
      assertThat(Files.readString(html)).contains(tx, "block 1", "Nothing found");
      assertThat(run("explain", "0x" + "1".repeat(64), "--rpc", anvil.http()))
          .isEqualTo(ExitCode.ENVIRONMENT);

      assertThat(run("replay", "--tx", "0x12", "--rpc", anvil.http())).isEqualTo(ExitCode.USAGE);
      assertThat(run("replay", "--block", "99", "--rpc", anvil.http()))
          .isEqualTo(ExitCode.ENVIRONMENT);
      assertThat(run("replay", "--block", "1")).isEqualTo(ExitCode.USAGE);
      assertThat(run("replay", "--rpc", anvil.http())).isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void saysThatAnEndpointIsDown() {
    assertThat(run("replay", "--block", "1", "--rpc", "http://127.0.0.1:9"))
        .isEqualTo(ExitCode.ENVIRONMENT);
  }
}
