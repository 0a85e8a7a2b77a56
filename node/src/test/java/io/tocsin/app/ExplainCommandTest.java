package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ExplainCommandTest {
  private static final Path SHIPPED = Path.of("..", "corpus");

  @TempDir private Path scratch = Path.of(".");

  private static int run(String... arguments) {
    return Main.commandLine().execute(arguments);
  }

  private static Path shipped(String part) throws IOException {
    try (var files = Files.list(SHIPPED.resolve("exploits"))) {
      return files.filter(f -> f.toString().contains(part)).findFirst().orElseThrow();
    }
  }

  @Test
  void explainsARealAttackAsAPageAndADocument() throws IOException, MalformedException {
    Path html = scratch.resolve("out.html");
    Path json = scratch.resolve("out.json");

    int status =
        run(
            "explain",
            "--trace",
            shipped("e2912b8bf34d").toString(),
            "--html",
            html.toString(),
            "--json",
            json.toString());

    assertThat(status).isEqualTo(ExitCode.NEGATIVE);
    assertThat(Files.readString(html))
        .contains("Attack found", "479.393838 ETH", "0xfc7599cffea9de127a9f9c748ccb451a34d2f063");
    JsonNode document = Json.parse(Files.readAllBytes(json));
    assertThat(document.get("verdict").stringValue()).isEqualTo("found");
    assertThat(document.at("/findings/0/losses/0/amount").stringValue())
        .isEqualTo("479393838338750964434");
  }

  @Test
  void explainsEveryAttackOfTheShippedCorpusWithinItsBounds() throws IOException {
    Path html = scratch.resolve("out.html");
    try (var files = Files.list(SHIPPED.resolve("exploits"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".gz")).toList()) {
        assertThat(run("explain", "--trace", file.toString(), "--html", html.toString()))
            .as(file.toString())
            .isIn(ExitCode.DONE, ExitCode.NEGATIVE);
        assertThat(Files.size(html)).as(file.toString()).isBetween(5_000L, 1_500_000L);
      }
    }
  }

  @Test
  void aHarmlessTransactionIsDone() throws IOException {
    Path file = scratch.resolve("t.json");
    Files.writeString(
        file,
        """
        {"type":"CALL","from":"0x00000000000000000000000000000000000000aa",
         "to":"0x00000000000000000000000000000000000000bb","value":"0x1","input":"0x"}
        """);
    assertThat(run("explain", "--trace", file.toString())).isEqualTo(ExitCode.DONE);
  }

  @Test
  void refusesWhatItCannotUse() throws IOException {
    Path file = scratch.resolve("t.json");
    Files.writeString(file, "{\"type\":\"JUMP\"}");
    assertThat(run("explain")).isEqualTo(ExitCode.USAGE);
    assertThat(run("explain", "0x12")).isEqualTo(ExitCode.USAGE);
    assertThat(run("explain", "--trace", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(run("explain", "--trace", "none.json")).isEqualTo(ExitCode.USAGE);
    assertThat(run("explain", "0x12", "--trace", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(run("explain", "0x" + "1".repeat(64), "--rpc", "http://127.0.0.1:9"))
        .isEqualTo(ExitCode.ENVIRONMENT);
  }
}
