package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.rpc.Anvil;
import io.tocsin.adapter.rpc.JsonRpc;
import io.tocsin.base.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class WatchCommandIT {
  private static final String ACCOUNT = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

  private static int run(String... arguments) {
    return Main.commandLine().execute(arguments);
  }

  @Test
  void watchesUntilTheBlocksAskedForAreSeen(@TempDir Path dir) throws Exception {
    Path lines = dir.resolve("lines.jsonl");
    try (Anvil anvil = Anvil.start();
        JsonRpc rpc = JsonRpc.open(anvil.http())) {
      rpc.call("evm_mine");
      for (int i = 0; i < 3; i++) {
        rpc.call(
            "eth_sendTransaction",
            Map.of("from", ACCOUNT, "to", ACCOUNT, "value", "0x1", "data", "0x01"));
      }
      int status =
          CompletableFuture.supplyAsync(
                  () ->
                      run(
                          "watch",
                          "--rpc",
                          anvil.ws(),
                          "--from",
                          "2",
                          "--blocks",
                          "3",
                          "--json",
                          lines.toString()))
              .get(2, TimeUnit.MINUTES);
      assertThat(status).isEqualTo(ExitCode.DONE);
      List<String> written = Files.readAllLines(lines);
      JsonNode summary =
          Json.parse(written.getLast().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(summary.path("event").stringValue()).isEqualTo("summary");
      assertThat(summary.path("blocks").asInt()).isEqualTo(3);
      assertThat(summary.path("mined").asInt()).isEqualTo(3);
    }
  }

  @Test
  void endsWhenTheTimeIsUp() throws Exception {
    try (Anvil anvil = Anvil.start()) {
      assertThat(
              CompletableFuture.supplyAsync(
                      () -> run("watch", "--rpc", anvil.http(), "--seconds", "1"))
                  .get(2, TimeUnit.MINUTES))
          .isEqualTo(ExitCode.DONE);
    }
  }

  @Test
  void refusesWhatCannotBeWatched() {
    assertThat(run("watch", "--rpc", "nonsense")).isEqualTo(ExitCode.USAGE);
    assertThat(run("watch", "--rpc", "http://127.0.0.1:9")).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(run("watch", "--rpc", "http://127.0.0.1:9", "--contract", "0x12"))
        .isEqualTo(ExitCode.USAGE);
  }
}
