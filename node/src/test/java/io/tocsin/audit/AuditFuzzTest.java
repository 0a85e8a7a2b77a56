package io.tocsin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Bytes;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class AuditFuzzTest {
  @FuzzTest
  void headNotice(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> HeadNotice.decode(wire))
        .ifPresent(notice -> assertThat(notice.encode()).isEqualTo(wire));
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
