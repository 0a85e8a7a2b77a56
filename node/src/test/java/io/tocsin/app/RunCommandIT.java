package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tocsin.adapter.rpc.Anvil;
import io.tocsin.pipeline.Stage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RunCommandIT {
  @TempDir Path folder;

  private Path config(Anvil anvil, String more) throws Exception {
    return Files.writeString(
        folder.resolve("tocsin.yaml"),
        """
        name: birch
        statusPort: 0
        chains:
          - id: eip155:1
            slot: 1s
            endpoints:
              - url: %s
                operator: own
        protect:
          - name: Vault
            account: eip155:1:0x00000000000000000000000000000000000000c1
        """
                .formatted(anvil.http())
            + more);
  }

  private static String run(int status, String... arguments) {
    StringWriter errors = new StringWriter();
    assertThat(Main.commandLine().setErr(new PrintWriter(errors, true)).execute(arguments))
        .isEqualTo(status);
    return errors.toString();
  }

  @Test
  void saysWhatItDoesAndHasEveryStageUntilItIsStopped() throws Exception {
    try (Anvil anvil = Anvil.start("--chain-id", "1");
        NodeProcess node =
            new NodeProcess(
                Map.of(),
                "run",
                "--config",
                config(anvil, "").toString(),
                "--json",
                folder.resolve("run.json").toString())) {
      String said = String.join("\n", node.until("serves /healthz"));
      assertThat(said)
          .contains("birch:")
          .contains("watches eip155:1 through " + anvil.http() + " of own")
          .contains("looks closely at Vault, eip155:1:0x00000000000000000000000000000000000000c1")
          .contains("is no member of a federation: trusts its own eyes")
          .contains("may do nothing: there are no mandates");
      JsonNode manifest = json();
      assertThat(manifest.path("mode").asString()).isEqualTo("shadow");
      int port = manifest.path("statusPort").asInt();
      String metrics = NodeProcess.page(port, "/metrics");
      for (Stage stage : Stage.values()) {
        assertThat(metrics)
            .contains("tocsin_stage_seconds_bucket{stage=\"" + stage.label() + "\",le=\"0.1\"}")
            .contains("tocsin_stage_seconds_count{stage=\"" + stage.label() + "\"}");
      }
      assertThat(node.stop("TERM")).as("a stop that was asked for").isEqualTo(ExitCode.DONE);
    }
  }

  @Test
  void callsPeopleThroughTheWebhook() throws Exception {
    BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          calls.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
    try (Anvil anvil = Anvil.start("--chain-id", "1");
        NodeProcess node =
            new NodeProcess(
                Map.of("CALL_ME", url),
                "run",
                "--config",
                config(anvil, "notify:\n  - webhook: env:CALL_ME\n").toString())) {
      List<String> _ = node.until("serves /healthz");
      assertThat(calls.poll(2, TimeUnit.MINUTES)).contains("the node has started");
    } finally {
      receiver.stop(0);
    }
  }

  private JsonNode json() throws Exception {
    return NodeProcess.written(folder.resolve("run.json"));
  }

  @Test
  void namesFileAndLineOfWhatIsWrong() throws Exception {
    try (Anvil anvil = Anvil.start("--chain-id", "1")) {
      Path config = config(anvil, "mode: loud\n");
      assertThat(run(ExitCode.USAGE, "run", "--config", config.toString()))
          .contains("tocsin.yaml:12:")
          .contains("mode")
          .contains("expected shadow or act");
      assertThat(run(ExitCode.USAGE, "run", "--config", folder.resolve("none").toString()))
          .contains("there is no such file");
      config = config(anvil, "mandates: birch.yaml\n");
      Files.writeString(folder.resolve("birch.yaml"), "protocol: Birch\ncontract: here\n");
      assertThat(run(ExitCode.USAGE, "run", "--config", config.toString()))
          .contains("birch.yaml:2:")
          .contains("contract");
    }
  }

  @Test
  void watchingEndsWithItsSummaryWhenStopped() throws Exception {
    try (Anvil anvil = Anvil.start("--chain-id", "1");
        NodeProcess watch = new NodeProcess(Map.of(), "watch", "--rpc", anvil.http())) {
      List<String> _ = watch.until("Read-only");
      assertThat(watch.stop("TERM")).isEqualTo(ExitCode.DONE);
      assertThat(String.join("\n", watch.until("never"))).contains("blocks");
    }
  }
}
