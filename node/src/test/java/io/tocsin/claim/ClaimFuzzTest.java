package io.tocsin.claim;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ClaimFuzzTest {
  @FuzzTest
  void claim(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> ClaimWire.decode(wire))
        .ifPresent(
            claim -> {
              assertThat(ClaimWire.encode(claim)).isEqualTo(wire);
              assertThat(claim.summary()).contains(claim.id().toString());
              claim
                  .where()
                  .ifPresent(c -> assertThat(!c.isEvm() || c.evmId() > 0).as("%s", c).isTrue());
            });
  }

  @FuzzTest
  void report(byte[] input) {
    Refusal.orValue(() -> ReportCodec.open(Bytes.of(input)))
        .ifPresent(
            opened -> {
              Report report = opened.report();
              Bytes again = ReportCodec.encode(report, Address.ZERO, Samples.BLOCK_TIME);
              assertThat(Refusal.orValue(() -> ReportCodec.decode(again))).contains(report);
            });
  }

  @FuzzTest
  void reportObject(byte[] input) {
    Refusal.orValue(() -> ReportCodec.openObject(Bytes.of(input)))
        .ifPresent(opened -> assertThat(opened.report().claim().id()).isNotNull());
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
