package io.tocsin.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class RosterFuzzTest {
  @FuzzTest
  void roster(byte[] input) {
    Refusal.orValue(() -> SignedRoster.decode(Bytes.of(input)))
        .ifPresent(
            roster ->
                assertThat(Refusal.orValue(() -> SignedRoster.decode(roster.encode())))
                    .contains(roster));
  }

  @FuzzTest
  void revocation(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> Revocation.decode(wire))
        .ifPresent(revocation -> assertThat(revocation.encode()).isEqualTo(wire));
  }

  @FuzzTest
  void member(byte[] input) {
    Refusal.orValue(() -> RosterJson.memberDocument(Json.parseForeign(input)))
        .ifPresent(member -> assertThat(member.authentic()).isTrue());
  }

  @FuzzTest
  void federationFile(byte[] input) {
    Refusal.orValue(() -> FederationFile.read(input))
        .ifPresent(
            file -> {
              byte[] again = file.write().getBytes(StandardCharsets.UTF_8);
              assertThat(Refusal.orValue(() -> FederationFile.read(again))).contains(file);
              var _ = Refusal.orValue(() -> file.load(() -> Samples.BEGIN));
            });
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
