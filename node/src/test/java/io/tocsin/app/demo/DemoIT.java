package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.app.Main;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole demonstration; the attacker is slow, because a building machine may be. */
final class DemoIT {
  @TempDir private Path directory = Path.of("");

  @Test
  void allActsEndAsDescribed() throws IOException, MalformedException {
    Path file = directory.resolve("demo.json");
    int status =
        Main.commandLine()
            .execute("demo", "--no-color", "--attacker-delay", "8", "--json", file.toString());
    assertThat(status).isZero();
    JsonNode document = Json.parse(Files.readAllBytes(file));
    List<JsonNode> acts = document.path("acts").valueStream().toList();
    assertThat(acts)
        .extracting(act -> act.path("id").stringValue())
        .containsExactly("incident", "forks", "lie", "staged", "mempool");
    assertThat(acts.get(0).path("certificate").path("signers")).hasSizeGreaterThanOrEqualTo(4);
    assertThat(acts.get(1).path("prevented").booleanValue()).isTrue();
    assertThat(acts.get(1).path("losses_usd").path("without").doubleValue()).isEqualTo(3e6);
    assertThat(acts.get(1).path("losses_usd").path("with").doubleValue()).isEqualTo(1e6);
    assertThat(acts.get(2).path("certificate").isNull()).isTrue();
    assertThat(acts.get(3).path("protocols").valueStream())
        .noneMatch(protocol -> protocol.path("paused").booleanValue());
    JsonNode mempool = acts.get(4);
    assertThat(mempool.path("certificate").path("kind").stringValue()).isEqualTo("exploit-pending");
    assertThat(mempool.path("losses_usd").path("without").doubleValue()).isEqualTo(4e6);
    assertThat(mempool.path("losses_usd").path("with").doubleValue()).isEqualTo(1e6);
    assertThat(mempool.path("protocols").valueStream())
        .as("the round that the builder censors is lost, and shown as lost")
        .extracting(protocol -> protocol.path("drained").booleanValue())
        .containsExactly(false, false, false, true);
    assertThat(document.path("latency_ms").path("seen_to_pause_accepted").path("p99").isNumber())
        .isTrue();
  }

  @Test
  void refusesAnAttackerWhoNeverWaits() {
    assertThat(Main.commandLine().execute("demo", "--attacker-delay", "0")).isEqualTo(2);
  }
}
