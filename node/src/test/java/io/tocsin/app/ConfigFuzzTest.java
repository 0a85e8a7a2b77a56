package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ConfigFuzzTest {
  @FuzzTest
  void config(byte[] input) throws IOException {
    Path file = Files.createTempFile("tocsin", ".yaml");
    try {
      Files.write(file, input);
      NodeConfigFile.Loaded loaded = NodeConfigFile.load(file, Map.of());
      assertThat(loaded.config().isPresent()).isEqualTo(loaded.faults().isEmpty());
    } finally {
      Files.delete(file);
    }
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
