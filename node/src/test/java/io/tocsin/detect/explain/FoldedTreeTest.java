package io.tocsin.detect.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.chain.TxTrace;
import io.tocsin.detect.explain.FoldedTree.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FoldedTreeTest {
  private static final String A = "0x00000000000000000000000000000000000000aa";
  private static final String B = "0x00000000000000000000000000000000000000bb";

  private static String leaf(String input) {
    return IncidentTest.call("CALL", B, A, input, "") + "}";
  }

  private static TxTrace root(List<String> calls) {
    return IncidentTest.trace(
        IncidentTest.call("CALL", A, B, "0x12345678", "")
            + ",\"calls\":["
            + String.join(",", calls)
            + "]}");
  }

  private static TxTrace deep(int depth) {
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      json.append(IncidentTest.call("CALL", A, B, "0x12345678", "")).append(",\"calls\":[");
    }
    json.append(leaf("0x12345678"));
    json.append("]}".repeat(depth));
    return IncidentTest.trace(json.toString());
  }

  @Test
  void showsASmallTreeWhole() {
    TxTrace trace = root(List.of(leaf("0x11111111"), leaf("0x22222222"), leaf("0x22222222")));
    FoldedTree tree = FoldedTree.of(trace, Set.of());
    assertThat(tree.below(0))
        .containsExactly(new Item.Shown(1), new Item.Shown(2), new Item.Shown(3));
    assertThat(tree.shown()).isEqualTo(4);
  }

  @Test
  void foldsWhatRepeatsButShowsWhatProvesSomething() {
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      calls.add(leaf("0x1111111100" + String.format("%04x", i)));
      calls.add(leaf("0x22222222"));
    }
    calls.add(leaf("0x33333333"));
    FoldedTree tree = FoldedTree.of(root(calls), Set.of(1_501));
    assertThat(tree.below(0))
        .containsExactly(
            new Item.Shown(1),
            new Item.Shown(2),
            new Item.Repeated(1_999, 2, 3, 4_001),
            new Item.Shown(1_501),
            new Item.Shown(4_001));
    assertThat(tree.shows(1_501)).isTrue();
    assertThat(tree.shows(1_502)).isFalse();
  }

  @Test
  void boundsWhatIsShownOfAWideTreeWithoutRepeats() {
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      calls.add(leaf(String.format("0x%08x", i * 7919 + 1)));
    }
    FoldedTree tree = FoldedTree.of(root(calls), Set.of(9_999));
    assertThat(tree.shown()).isEqualTo(FoldedTree.MAX_SHOWN + 2);
    assertThat(tree.below(0).getLast()).isEqualTo(new Item.LeftOut(10_000, 10_001));
    assertThat(tree.shows(9_999)).isTrue();
  }

  @Test
  void boundsTheDepthButLeadsToAProofAsLongAsThereIsRoom() {
    TxTrace trace = deep(1_000);
    assertThat(FoldedTree.of(trace, Set.of()).shown()).isEqualTo(FoldedTree.MAX_DEPTH + 1);
    FoldedTree near = FoldedTree.of(trace, Set.of(700));
    assertThat(near.shows(700)).isTrue();
    FoldedTree far = FoldedTree.of(trace, Set.of(999));
    assertThat(far.shows(999)).isFalse();
    assertThat(far.shown()).isEqualTo(FoldedTree.MAX_DEPTH + 1);
  }
}
