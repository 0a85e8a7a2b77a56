package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Bytes;
import io.tocsin.identity.Samples;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class QuorumFuzzTest {
  private final Committee committee =
      new Committee(Samples.rosters(Samples.keys(1, 4), () -> Samples.BEGIN));

  @FuzzTest
  void attestation(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> Attestation.decode(wire))
        .ifPresent(attestation -> assertThat(attestation.encode()).isEqualTo(wire));
  }

  @FuzzTest
  void certificate(byte[] input) {
    Bytes wire = Bytes.of(input);
    if (committee.verify(wire) instanceof Check.Valid(QuorumCertificate certificate)) {
      assertThat(QuorumCertificate.resembles(wire)).isTrue();
      assertThat(certificate.encode()).isEqualTo(wire);
    }
  }

  @FuzzTest
  void equivocation(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> Equivocation.decode(wire))
        .ifPresent(equivocation -> assertThat(equivocation.encode()).isEqualTo(wire));
  }

  @FuzzTest
  void drill(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> Drill.decode(wire))
        .ifPresent(drill -> assertThat(drill.encode()).isEqualTo(wire));
  }

  @FuzzTest
  void drillAnswer(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> DrillAnswer.decode(wire))
        .ifPresent(answer -> assertThat(answer.encode()).isEqualTo(wire));
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
