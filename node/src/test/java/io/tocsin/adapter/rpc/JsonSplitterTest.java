package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonSplitterTest {
  private final List<String> messages = new ArrayList<>();
  private final IpcTransport.JsonSplitter splitter = new IpcTransport.JsonSplitter(64);
  private final Transport.Listener listener =
      new Transport.Listener() {
        @Override
        public void received(byte[] message) {
          messages.add(new String(message, StandardCharsets.UTF_8));
        }

        @Override
        public void ended(String reason) {}
      };

  private void feed(String text) throws IOException {
    splitter.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), listener);
  }

  @Test
  void splitsMessagesWithAndWithoutLineEnds() throws IOException {
    feed("{\"a\":1}{\"b\":[2]}\n {\"c\":{}}\n");
    assertThat(messages).containsExactly("{\"a\":1}", "{\"b\":[2]}", "{\"c\":{}}");
  }

  @Test
  void joinsMessagesCutAnywhere() throws IOException {
    for (char c : "{\"a\":\"}\\\"{\"}\n{\"b\":2}".toCharArray()) {
      feed(String.valueOf(c));
    }
    assertThat(messages).containsExactly("{\"a\":\"}\\\"{\"}", "{\"b\":2}");
  }

  @Test
  void refusesWhatIsTooLarge() {
    assertThatThrownBy(() -> feed("{\"a\":\"" + "x".repeat(100))).isInstanceOf(IOException.class);
  }

  @Test
  void refusesWhatIsNoJson() {
    assertThatThrownBy(() -> feed("HTTP/1.1 400")).isInstanceOf(IOException.class);
  }
}
