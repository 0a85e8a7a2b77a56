package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class RpcFuzzTest {
  private static final int MOST = 1 << 16;

  private record Kept(List<byte[]> messages) implements Transport.Listener {
    @Override
    public void received(byte[] message) {
      messages.add(message);
    }

    @Override
    public void ended(String reason) {}
  }

  @FuzzTest
  void block(byte[] input) {
    Refusal.orValue(() -> Block.parse(Json.parse(input)))
        .ifPresent(block -> assertThat(block.ref().number()).isNotNegative());
  }

  @FuzzTest
  void answer(byte[] input) {
    try (JsonRpc rpc = JsonRpc.open("http://127.0.0.1:1")) {
      JsonRpc.Connection connection = rpc.new Connection();
      connection.received(input);
      Refusal.orValue(() -> Json.parse(input))
          .ifPresent(node -> assertThat(connection.reply(node)).isNotNull());
    }
  }

  /** However the stream is cut, the same messages come out of it, or the same refusal. */
  @FuzzTest
  void stream(byte[] input) {
    List<byte[]> whole = new ArrayList<>();
    List<byte[]> cut = new ArrayList<>();
    boolean accepted = split(input, Math.max(1, input.length), whole);
    assertThat(split(input, 1, cut)).isEqualTo(accepted);
    assertThat(cut).hasSameSizeAs(whole);
    for (int i = 0; i < cut.size(); i++) {
      assertThat(cut.get(i)).isEqualTo(whole.get(i)).hasSizeLessThanOrEqualTo(MOST);
    }
  }

  private static boolean split(byte[] input, int step, List<byte[]> messages) {
    IpcTransport.JsonSplitter splitter = new IpcTransport.JsonSplitter(MOST);
    try {
      for (int from = 0; from < input.length; from += step) {
        int length = Math.min(step, input.length - from);
        splitter.feed(ByteBuffer.wrap(input, from, length), new Kept(messages));
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
