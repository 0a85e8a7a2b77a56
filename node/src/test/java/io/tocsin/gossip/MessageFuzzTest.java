package io.tocsin.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Bytes;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class MessageFuzzTest {
  @FuzzTest
  void message(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> Message.decode(wire))
        .ifPresent(
            message -> {
              Bytes again = message.encode();
              if (message instanceof Message.Heights) {
                assertThat(again.size()).isEqualTo(wire.size());
                assertThat(Refusal.orValue(() -> Message.decode(again))).contains(message);
              } else {
                assertThat(again).isEqualTo(wire);
              }
            });
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
