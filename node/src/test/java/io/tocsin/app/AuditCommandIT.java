package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.DecisionSamples;
import io.tocsin.audit.Step;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.policy.PolicySamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class AuditCommandIT {
  @TempDir Path data;

  private void write(List<Step> steps) throws Exception {
    write(
        new Step.Opened(
            "0.1.0",
            DecisionSamples.TOWN.file().federation().id(),
            Address.ZERO,
            List.of(new Step.Document("federation.json", DecisionSamples.TOWN.file().write()))),
        steps);
  }

  private void write(Step.Opened opened, List<Step> steps) throws Exception {
    try (Database database = Database.open(data.resolve("tocsin.db"));
        AuditLog log =
            AuditLog.open(new SqliteAuditStore(database), () -> PolicySamples.NOW, new Random(9))) {
      log.append(opened);
      steps.forEach(log::append);
    }
  }

  private int run(String... more) {
    String[] arguments = {"audit", "--data", data.toString(), "--json", json().toString()};
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Main.commandLine().execute(all);
  }

  private Path json() {
    return data.resolve("out.json");
  }

  private JsonNode document() throws Exception {
    return Json.parse(Files.readAllBytes(json()));
  }

  @Test
  void holdsAsWrittenAndKnowsItsHead() throws Exception {
    write(DecisionSamples.steps());
    assertThat(run()).isEqualTo(ExitCode.DONE);
    JsonNode first = document();
    assertThat(first.path("holds").asBoolean()).isTrue();
    assertThat(first.path("decisions").asInt()).isGreaterThanOrEqualTo(5);
    assertThat(first.path("rulings").asInt()).isPositive();
    String head =
        first.path("head").path("sequence").asString()
            + ":"
            + first.path("head").path("hash").asString();
    assertThat(run("--anchor", head)).isEqualTo(ExitCode.DONE);
    assertThat(run("--anchor", "1:" + "0x" + "00".repeat(32))).isEqualTo(ExitCode.NEGATIVE);
  }

  @Test
  void holdsForANodeThatIsNoMember() throws Exception {
    List<Step> own =
        DecisionSamples.steps().stream()
            .filter(
                step ->
                    step instanceof Step.Decided decided
                        && !decided.inputs().path("occasion").path("alarm").has("certificate"))
            .toList();
    assertThat(own).isNotEmpty();
    write(new Step.Opened("0.1.0", Hash32.ZERO, Address.ZERO, List.of()), own);
    assertThat(run()).isEqualTo(ExitCode.DONE);
    assertThat(document().path("decisions").asInt()).isEqualTo(own.size());
  }

  @Test
  void trustsTheRostersThatTheNodeLearnedWhileItRan() throws Exception {
    Step.Opened early =
        new Step.Opened(
            "0.1.0", DecisionSamples.TOWN.file().federation().id(), Address.ZERO, List.of());
    write(early, DecisionSamples.steps());
    assertThat(run()).isEqualTo(ExitCode.NEGATIVE);
    Files.delete(data.resolve("tocsin.db"));
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step.Federated(new Step.Document("federation", DecisionSamples.TOWN.file().write())));
    steps.addAll(DecisionSamples.steps());
    write(early, steps);
    assertThat(run()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void namesAFlippedByte() throws Exception {
    write(DecisionSamples.steps());
    flipTheMandatesName();
    assertThat(run()).isEqualTo(ExitCode.NEGATIVE);
    JsonNode fault = document().path("faults").path(0);
    assertThat(fault.path("sequence").asInt()).isPositive();
    assertThat(fault.path("part").asString()).isEqualTo("BODY");
  }

  private void flipTheMandatesName() throws IOException {
    Path file = data.resolve("tocsin.db");
    byte[] content = Files.readAllBytes(file);
    byte[] needle = Bytes.utf8("\"mandate\":").toArray();
    for (int i = 0; i + needle.length < content.length; i++) {
      if (Arrays.equals(content, i, i + needle.length, needle, 0, needle.length)) {
        content[i + needle.length + 1] ^= 1;
      }
    }
    Files.write(file, content);
  }

  @Test
  void namesADecisionThatDoesNotFollow() throws Exception {
    Step.Decided real = (Step.Decided) DecisionSamples.steps().getFirst();
    write(
        List.of(
            new Step.Decided(
                real.claim(), real.mandate(), real.inputs(), Json.object().put("is", "Observe"))));
    assertThat(run()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(document().path("faults").path(0).path("part").asString()).isEqualTo("OUTCOME");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(run()).isEqualTo(ExitCode.USAGE);
    assertThat(run("--anchor", "here")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void doesNotTakeRubbishForALog() throws Exception {
    Files.writeString(data.resolve("tocsin.db"), "not a database at all, whatever it is named");
    assertThat(run()).isEqualTo(ExitCode.NEGATIVE);
  }
}
