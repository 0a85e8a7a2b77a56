package io.tocsin.base;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class JsonFuzzTest {
  @FuzzTest
  void json(byte[] input) {
    var read = Refusal.orValue(() -> Json.parse(input));
    var shallow = Refusal.orValue(() -> Json.parseForeign(input));
    assertThat(read.isPresent() || shallow.isEmpty()).isTrue();
    Optional<Bytes> canonical = shallow.flatMap(JsonFuzzTest::canonical);
    if (canonical.isPresent()) {
      Bytes once = canonical.get();
      assertThat(Refusal.orValue(() -> Json.parse(once.toArray())).map(CanonicalJson::write))
          .contains(once);
    }
  }

  private static Optional<Bytes> canonical(tools.jackson.databind.JsonNode node) {
    try {
      return Optional.of(CanonicalJson.write(node));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
