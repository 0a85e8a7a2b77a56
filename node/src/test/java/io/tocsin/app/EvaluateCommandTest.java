package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.detect.evaluate.Calibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class EvaluateCommandTest {
  private static final Path SHIPPED = Path.of("..", "corpus");

  @TempDir private Path scratch = Path.of(".");

  private static int run(String... arguments) {
    return Main.commandLine().execute(arguments);
  }

  private Path trace(String folder, String text) throws IOException {
    Path file = Files.createDirectories(scratch.resolve("c").resolve(folder)).resolve("1.json");
    Files.writeString(file, text);
    return scratch.resolve("c");
  }

  @Test
  void measuresTheShippedCorpusAsAPageAndADocument() throws IOException, MalformedException {
    Path html = scratch.resolve("out.html");
    Path json = scratch.resolve("out.json");

    int status =
        run(
            "evaluate",
            "--corpus",
            SHIPPED.toString(),
            "--html",
            html.toString(),
            "--json",
            json.toString());

    assertThat(status).isEqualTo(ExitCode.DONE);
    JsonNode result = Json.parse(Files.readAllBytes(json));
    assertThat(result.at("/exploits/total").intValue()).isEqualTo(20);
    assertThat(result.at("/exploits/found_alert").intValue()).isGreaterThanOrEqualTo(14);
    assertThat(result.at("/benign/transactions").intValue()).isEqualTo(1_260);
    assertThat(result.at("/benign/fired_alert").intValue()).isLessThanOrEqualTo(1);
    assertThat(result.at("/failed").intValue()).isZero();
    assertThat(result.at("/notes")).isEmpty();
    assertThat(result.at("/by_type/reentrancy/total").intValue()).isEqualTo(7);
    assertThat(result.at("/items")).hasSize(1_280);
    assertThat(Files.readString(html)).contains("of 20 attacks found").endsWith("</html>\n");
  }

  @Test
  void fitsOnThePastReportsOnWhatCameLaterAndWritesTheTable()
      throws IOException, MalformedException {
    Path json = scratch.resolve("out.json");
    Path table = scratch.resolve("table.csv");

    int status =
        run(
            "evaluate",
            "--corpus",
            SHIPPED.toString(),
            "--until",
            "2022-12-31",
            "--calibration",
            table.toString(),
            "--json",
            json.toString());

    assertThat(status).isEqualTo(ExitCode.DONE);
    JsonNode calibration = Json.parse(Files.readAllBytes(json)).get("calibration");
    assertThat(calibration.at("/before/exploits/total").intValue()).isEqualTo(15);
    assertThat(calibration.at("/after/exploits/total").intValue()).isEqualTo(5);
    assertThat(calibration.at("/after/benign/transactions").intValue()).isEqualTo(998);
    assertThat(calibration.get("undated").intValue()).isZero();
    assertThat(calibration.get("brier")).isEqualTo(calibration.at("/after/brier"));
    Calibration written = Calibration.parse(Files.readString(table));
    assertThat(written.provenance().toString()).contains("15 attacks and 262 harmless");
  }

  @Test
  void aLimitThatIsNotKeptIsANegativeFinding() {
    String corpus = SHIPPED.toString();
    assertThat(run("evaluate", "--corpus", corpus, "--min-recall", "50", "--max-fires", "20"))
        .isEqualTo(ExitCode.DONE);
    assertThat(run("evaluate", "--corpus", corpus, "--min-recall", "100"))
        .isEqualTo(ExitCode.NEGATIVE);
  }

  @Test
  void countsWhatCannotBeReadWithItsReason() throws IOException, MalformedException {
    Path corpus = trace("benign", "[{\"tx\":\"0x12\",\"trace\":{}}]");
    Path json = scratch.resolve("out.json");

    assertThat(run("evaluate", "--corpus", corpus.toString(), "--json", json.toString())).isZero();

    JsonNode result = Json.parse(Files.readAllBytes(json));
    assertThat(result.get("failed").intValue()).isEqualTo(1);
    assertThat(result.at("/failures/0").stringValue()).startsWith("benign/1.json, entry 1: ");
    assertThat(result.at("/exploits/total").intValue()).isZero();
  }

  @Test
  void refusesWhatItCannotUse() throws IOException {
    Path corpus = trace("exploits", "{}");
    assertThat(run("evaluate", "--corpus", scratch.resolve("none").toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("evaluate", "--corpus", scratch.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(run("evaluate", "--until", "soon")).isEqualTo(ExitCode.USAGE);
    assertThat(run("evaluate", "--calibration", "x.csv")).isEqualTo(ExitCode.USAGE);
    assertThat(run("evaluate", "--min-recall", "101")).isEqualTo(ExitCode.USAGE);
    String nowhere = scratch.resolve("no").resolve("out.html").toString();
    assertThat(run("evaluate", "--corpus", corpus.toString(), "--html", nowhere))
        .isEqualTo(ExitCode.ENVIRONMENT);
    Files.writeString(corpus.resolve("exploits.csv"), "tx\n\"open");
    assertThat(run("evaluate", "--corpus", corpus.toString())).isEqualTo(ExitCode.USAGE);
  }
}
