package io.tocsin.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.Refusal;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class TrieTest {
  private static final JsonNode VECTORS = TrieVectors.read("/chain/trie-vectors.json.gz");

  private static Optional<Bytes> value(JsonNode proof, Bytes key, List<Bytes> nodes)
      throws MalformedException {
    return TrieProof.value(new Hash32(TrieVectors.hex(proof.path("root"))), key, nodes);
  }

  private static void refused(JsonNode proof, List<Bytes> nodes) {
    assertThatThrownBy(() -> value(proof, TrieVectors.hex(proof.path("key")), nodes))
        .isInstanceOf(MalformedException.class);
  }

  private static Bytes changed(Bytes node, int at) {
    byte[] content = node.toArray();
    content[at] ^= 1;
    return Bytes.of(content);
  }

  @Test
  void theRootsOfThreeThousandTriesAreThoseOfAnotherProgram() {
    JsonNode roots = VECTORS.path("roots");
    assertThat(roots.size()).isEqualTo(3_000);
    int largest = 0;
    for (int i = 0; i < roots.size(); i++) {
      Map<Bytes, Bytes> entries = TrieVectors.entries(i);
      largest = Math.max(largest, entries.size());
      assertThat(Trie.of(entries).toString())
          .as("trie %d", i)
          .startsWith("0x" + roots.get(i).stringValue());
    }
    assertThat(largest).isGreaterThan(300);
  }

  @Test
  void aListIsATrieByPlace() {
    List<Bytes> items = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      items.add(Bytes.utf8("item " + i));
    }
    Hash32 root = Trie.ofList(items);
    List<Bytes> swapped = new ArrayList<>(items);
    swapped.set(127, items.get(128));
    swapped.set(128, items.get(127));
    assertThat(Trie.ofList(swapped)).isNotEqualTo(root);
    assertThat(Trie.ofList(items.subList(0, 299))).isNotEqualTo(root);
    assertThat(Trie.ofList(List.of())).isEqualTo(Trie.EMPTY);
  }

  @Test
  void anEmptyEntryIsNone() {
    assertThatThrownBy(() -> Trie.ofList(List.of(Bytes.EMPTY)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theEntriesAndTheGapsThatAnotherProgramProvesAreRead() throws MalformedException {
    int absent = 0;
    int entries = 0;
    for (JsonNode proof : VECTORS.path("proofs")) {
      Optional<Bytes> proven =
          value(proof, TrieVectors.hex(proof.path("key")), TrieVectors.nodes(proof));
      if (proof.path("value").isNull()) {
        absent++;
        assertThat(proven).isEmpty();
      } else {
        entries++;
        assertThat(proven).contains(TrieVectors.hex(proof.path("value")));
      }
    }
    assertThat(absent).isGreaterThan(100);
    assertThat(entries).isGreaterThan(100);
  }

  @Test
  void aProofThatIsCutLengthenedOrChangedAnywhereProvesNothing() {
    for (JsonNode proof : VECTORS.path("proofs")) {
      List<Bytes> nodes = TrieVectors.nodes(proof);
      refused(proof, nodes.subList(0, nodes.size() - 1));
      List<Bytes> more = new ArrayList<>(nodes);
      more.add(nodes.getLast());
      refused(proof, more);
      for (int i = 0; i < nodes.size(); i++) {
        List<Bytes> forged = new ArrayList<>(nodes);
        forged.set(i, changed(nodes.get(i), nodes.get(i).size() / 2));
        refused(proof, forged);
      }
    }
  }

  @Test
  void aProofOfOneEntryProvesItForNoOtherKey() {
    for (JsonNode proof : VECTORS.path("proofs")) {
      if (!proof.path("value").isNull()) {
        Bytes key = TrieVectors.hex(proof.path("key"));
        for (int at = 0; at < key.size(); at++) {
          Bytes other = changed(key, at);
          assertThat(Refusal.orValue(() -> value(proof, other, TrieVectors.nodes(proof))))
              .isNotEqualTo(Optional.of(Optional.of(TrieVectors.hex(proof.path("value")))));
        }
      }
    }
  }

  @Test
  void anEmptyTrieProvesEveryGapAndNothingElseDoesSo() throws MalformedException {
    Bytes key = Bytes.utf8("key");
    assertThat(TrieProof.value(Trie.EMPTY, key, List.of())).isEmpty();
    assertThat(TrieProof.value(Trie.EMPTY, key, List.of(Bytes.of((byte) 0x80)))).isEmpty();
    assertThatThrownBy(() -> TrieProof.value(Hash32.ZERO, key, List.of()))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> TrieProof.value(Trie.EMPTY, key, List.of(Bytes.of((byte) 0xc0))))
        .isInstanceOf(MalformedException.class);
  }
}
