package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.detect.Detectors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ReplayCommandTest {
  private static final Path SHIPPED = Path.of("..", "corpus");

  @TempDir private Path scratch = Path.of(".");

  private static int run(String... arguments) {
    return Main.commandLine().execute(arguments);
  }

  @Test
  void runsTheShippedCorpusWithoutAFailure() throws IOException, MalformedException {
    Path out = scratch.resolve("r.json");

    int status = run("replay", "--corpus", SHIPPED.toString(), "--json", out.toString());

    assertThat(status).isEqualTo(ExitCode.DONE);
    JsonNode result = Json.parse(Files.readAllBytes(out));
    assertThat(result.get("failed").intValue()).isZero();
    assertThat(result.get("exploits").get("total").intValue()).isEqualTo(20);
    assertThat(result.get("exploits").get("found").intValue()).isGreaterThanOrEqualTo(14);
    assertThat(result.get("exploits").has("not_analysed")).isTrue();
    assertThat(result.get("benign").get("transactions").intValue()).isEqualTo(1_260);
    assertThat(result.get("benign").get("fired").intValue()).isLessThanOrEqualTo(1);
    assertThat(result.get("detectors")).hasSize(Detectors.ALL.size());
    assertThat(result.get("detectors").get(0).has("exploits_found")).isTrue();
    assertThat(result.get("detectors").get(0).has("benign_fired")).isTrue();
    assertThat(result.get("trace_ms").has("p99")).isTrue();
    JsonNode fired = result.get("fired").get(0);
    assertThat(fired.get("tx").stringValue()).startsWith("0x");
    assertThat(fired.has("benign")).isTrue();
    assertThat(fired.get("detectors")).isNotEmpty();
    assertThat(fired.get("subjects")).isNotEmpty();
  }

  @Test
  void countsATraceThatCannotBeReadAsFailed() throws IOException, MalformedException {
    Path benign = Files.createDirectories(scratch.resolve("benign"));
    try (OutputStream file =
        new GZIPOutputStream(Files.newOutputStream(benign.resolve("1.json.gz")))) {
      file.write("[{\"tx\":\"0x12\"}]".getBytes(StandardCharsets.UTF_8));
    }
    Path out = scratch.resolve("r.json");

    assertThat(run("replay", "--corpus", scratch.toString(), "--json", out.toString())).isZero();
    assertThat(Json.parse(Files.readAllBytes(out)).get("failed").intValue()).isEqualTo(1);
  }

  @Test
  void aSingleTraceWithAFindingIsANegativeFinding() throws IOException, MalformedException {
    Path out = scratch.resolve("r.json");
    Path trace;
    try (var files = Files.list(SHIPPED.resolve("exploits"))) {
      trace = files.filter(f -> f.toString().contains("e2912b8bf34d")).findFirst().orElseThrow();
    }
    assertThat(run("replay", "--trace", trace.toString(), "--json", out.toString()))
        .isEqualTo(ExitCode.NEGATIVE);
    JsonNode finding = Json.parse(Files.readAllBytes(out)).get("findings").get(0);
    assertThat(finding.get("subject").stringValue())
        .isEqualTo("0xfc7599cffea9de127a9f9c748ccb451a34d2f063");
    assertThat(finding.get("losses").get(0).get("amount").stringValue())
        .isEqualTo("479393838338750964434");
  }

  @Test
  void aSingleHarmlessTraceIsDone() throws IOException {
    Path file = scratch.resolve("t.json");
    Files.writeString(
        file,
        """
        {"type":"CALL","from":"0x00000000000000000000000000000000000000aa",
         "to":"0x00000000000000000000000000000000000000bb","value":"0x1","input":"0x"}
        """);
    assertThat(run("replay", "--trace", file.toString())).isEqualTo(ExitCode.DONE);
  }

  @Test
  void refusesWhatIsNoTraceAndNoCorpus() throws IOException {
    Path file = scratch.resolve("t.json");
    Files.writeString(file, "{\"type\":\"JUMP\"}");
    assertThat(run("replay", "--trace", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(run("replay", "--trace", scratch.resolve("none").toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("replay", "--corpus", scratch.resolve("none").toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("replay", "--corpus", scratch.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(run("replay", "--corpus", "a", "--trace", "b")).isEqualTo(ExitCode.USAGE);
  }
}
