package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class SignatureCommandTest {
  private static final Path CORPUS = Path.of("..", "corpus");
  private static final String REENTRY =
      "signature \"reentry\" role V: loser call sender -> V { call anyone -> sender {"
          + " call sender -> V } } anywhere transfer native: V -> sender\n";

  @TempDir private Path scratch = Path.of("");
  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    var line = Main.commandLine();
    line.setErr(new PrintWriter(errors));
    PrintStream before = System.out;
    System.setOut(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    try {
      return line.execute(arguments);
    } finally {
      System.setOut(before);
    }
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(scratch.resolve(name), text);
  }

  private JsonNode json(Path file) throws IOException, MalformedException {
    return Json.parse(Files.readAllBytes(file));
  }

  private static Path trace(String tx) throws IOException {
    try (var all = Files.list(CORPUS.resolve("exploits"))) {
      return all.filter(f -> f.toString().contains(tx)).findFirst().orElseThrow();
    }
  }

  @Test
  void derivesASignatureTestsItAndFindsItInTheAttack() throws IOException, MalformedException {
    String attack = trace("0x0ec3f248").toString();
    Path made = scratch.resolve("made.signature");
    Path json = scratch.resolve("out.json");
    String corpus = CORPUS.toString();
    assertThat(run("signature", "derive", attack, "--benign", corpus, "--out", made.toString()))
        .as(errors.toString())
        .isEqualTo(ExitCode.DONE);
    assertThat(Files.readString(made)).contains("call sender").doesNotContain("0x");
    assertThat(
            run(
                "signature",
                "test",
                made.toString(),
                "--corpus",
                corpus,
                "--json",
                json.toString()))
        .isEqualTo(ExitCode.DONE);
    assertThat(json(json).get("benign").asInt()).isGreaterThan(1_000);
    assertThat(
            run(
                "signature",
                "match",
                made.toString(),
                "--trace",
                attack,
                "--json",
                json.toString()))
        .isEqualTo(ExitCode.NEGATIVE);
    assertThat(json(json).get("matches").size()).isPositive();
    assertThat(run("signature", "explain", made.toString(), "--json", json.toString()))
        .isEqualTo(ExitCode.DONE);
    assertThat(json(json).get("signatures").get(0).get("words").toString()).contains("calls");
  }

  @Test
  void doesNotFindItWhereItIsNot() throws IOException {
    String attack = trace("0x9dbf0326").toString();
    String one = file("a.signature", REENTRY).toString();
    assertThat(run("signature", "match", one, "--trace", attack)).isEqualTo(ExitCode.DONE);
    assertThat(run("signature", "derive", attack, "--benign", CORPUS.toString()))
        .isEqualTo(ExitCode.NEGATIVE);
  }

  @Test
  void saysThatASignatureFiresOnHarmlessTransactions() throws IOException {
    String all = file("all.signature", "signature \"all\" call sender -> anyone").toString();
    assertThat(run("signature", "test", all, "--corpus", CORPUS.toString()))
        .isEqualTo(ExitCode.NEGATIVE);
  }

  @Test
  void triesFamiliesOfTheShippedCorpus() throws IOException, MalformedException {
    Path json = scratch.resolve("out.json");
    Path table =
        file(
            "families.csv",
            "family,tx\nfirst,"
                + "0x600a869aa3a259158310a233b815ff67ca41eab8961a49918c2031297a02f1cc\nfirst,"
                + "0x8bb8dc5c7c830bac85fa48acad2505e9300a91c3ff239c9517d0cae33b595090\n");
    assertThat(
            run(
                "signature",
                "test",
                "--families",
                table.toString(),
                "--corpus",
                CORPUS.toString(),
                "--benign",
                CORPUS.toString(),
                "--json",
                json.toString()))
        .as(errors.toString())
        .isEqualTo(ExitCode.DONE);
    JsonNode family = json(json).get("families").get(0);
    assertThat(family.get("caught").size()).isEqualTo(1);
    assertThat(family.get("benign_fired").isEmpty()).isTrue();
  }

  @Test
  void saysWhatIsWrongWithItsInput() throws IOException {
    String bad = file("bad.signature", "signature \"a\"\ncall sender V").toString();
    assertThat(run("signature", "explain", bad)).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("line 2, column 13: expected ->");
    assertThat(run("signature", "test")).isEqualTo(ExitCode.USAGE);
    assertThat(run("signature", "test", bad, "--families", bad)).isEqualTo(ExitCode.USAGE);
    assertThat(run("signature", "test", "--families", bad)).isEqualTo(ExitCode.USAGE);
    assertThat(run("signature", "derive", scratch.resolve("no.json").toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("signature", "match", bad, "--trace", "x", "--corpus", "y"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("signature")).isEqualTo(ExitCode.USAGE);
  }
}
