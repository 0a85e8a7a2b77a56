package io.tocsin.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Json;
import io.tocsin.base.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class FilesFuzzTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @FuzzTest
  void mandates(byte[] input) throws IOException {
    Path file = Files.createTempFile("mandates", ".yaml");
    try {
      Files.write(file, input);
      MandateFile.Loaded loaded = MandateFile.load(file, NOW);
      assertThat(loaded.protections().isEmpty()).isEqualTo(!loaded.faults().isEmpty());
    } finally {
      Files.delete(file);
    }
  }

  @FuzzTest
  void call(byte[] input) {
    Refusal.orValue(() -> CallText.parse(new String(input, StandardCharsets.UTF_8)))
        .ifPresent(data -> assertThat(data.size()).isGreaterThanOrEqualTo(4));
  }

  @FuzzTest
  void order(byte[] input) {
    Refusal.orValue(() -> OrderFolder.parse(Json.parseForeign(input)))
        .ifPresent(order -> assertThat(Text.printable(order.toString())).isNotEmpty());
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
