package io.tocsin.adapter.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class MeshFuzzTest {
  private static final int MOST = 1 << 16;

  @FuzzTest
  void frames(byte[] input) throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(input));
    try {
      for (; ; ) {
        Framing.Incoming frame = Framing.finish(in, Framing.begin(in), MOST);
        assertThat(frame.body().size()).isLessThanOrEqualTo(MOST);
        Framing.write(new DataOutputStream(written), frame.kind(), frame.body());
      }
    } catch (IOException e) {
      byte[] frames = written.toByteArray();
      assertThat(Arrays.copyOf(input, frames.length)).isEqualTo(frames);
    }
  }

  @FuzzTest
  void hello(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> Hello.decode(wire))
        .ifPresent(hello -> assertThat(hello.encode()).isEqualTo(wire));
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
