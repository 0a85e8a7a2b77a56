package io.tocsin.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class JsonElementsTest {
  private final List<JsonNode> taken = new ArrayList<>();

  private void read(String text) throws MalformedException {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    Json.elements(in, taken::add);
  }

  @Test
  void handsOnTheElementsOfAnArrayAndAnythingElseWhole() throws MalformedException {
    read("[{\"a\":1},[2],\"three\"]");
    read(" {\"b\":[1,2]} ");
    read("[]");

    assertThat(taken)
        .map(JsonNode::toString)
        .containsExactly("{\"a\":1}", "[2]", "\"three\"", "{\"b\":[1,2]}");
  }

  @Test
  void handsOnWhatStandsBeforeAFault() {
    assertThatThrownBy(() -> read("[{\"a\":1},{\"a\":"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("not valid JSON at line 1");
    assertThat(taken).hasSize(1);
  }

  @Test
  void refusesNothingTrailingTextAndDuplicateKeys() {
    assertThatThrownBy(() -> read("")).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> read("[1] 2")).hasMessageContaining("behind the document");
    assertThatThrownBy(() -> read("{} {}")).hasMessageContaining("behind the document");
    assertThatThrownBy(() -> read("[1")).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> read("[{\"a\":1,\"a\":2}]")).hasMessageContaining("uplicate");
  }
}
