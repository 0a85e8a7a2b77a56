package io.tocsin.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Bytes;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class EnvelopeFuzzTest {
  @FuzzTest
  void envelope(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> Envelope.decode(wire))
        .ifPresent(
            envelope -> {
              assertThat(envelope.encode()).isEqualTo(wire);
              Secp256k1.recover(envelope.signature(), envelope.id())
                  .ifPresent(
                      key ->
                          assertThat(Secp256k1.verify(envelope.signature(), envelope.id(), key))
                              .isTrue());
            });
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
