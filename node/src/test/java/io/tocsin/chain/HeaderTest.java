package io.tocsin.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Over headers and receipts of Ethereum itself. */
final class HeaderTest {
  private static final JsonNode HEADERS = TrieVectors.read("/chain/headers.json");

  @Test
  void theFieldsOfRealHeadersHashToTheirBlocks() throws MalformedException {
    assertThat(HEADERS.size()).isEqualTo(3);
    for (JsonNode header : HEADERS) {
      assertThat(Header.parse(header).hash()).hasToString(header.path("hash").stringValue());
    }
  }

  @Test
  void noFieldCanBeChangedOrLeftOutUnseen() {
    for (JsonNode header : HEADERS) {
      for (String name : header.propertyNames()) {
        if (name.equals("hash")) {
          continue;
        }
        String value = header.path(name).stringValue();
        char last = value.charAt(value.length() - 1);
        ObjectNode changed = (ObjectNode) header.deepCopy();
        changed.put(name, value.substring(0, value.length() - 1) + (last == '1' ? '2' : '1'));
        assertThat(sealed(changed)).as(name).isFalse();
        ObjectNode cut = (ObjectNode) header.deepCopy();
        cut.remove(name);
        assertThat(sealed(cut)).as(name).isFalse();
      }
    }
  }

  private static boolean sealed(JsonNode header) {
    try {
      return Header.parse(header).hash().toString().equals(header.path("hash").stringValue());
    } catch (MalformedException e) {
      return false;
    }
  }

  /** Else a base fee could be passed off as blob gas: both are numbers and encoded alike. */
  @Test
  void aFieldBehindAMissingOneIsRefused() {
    ObjectNode header = (ObjectNode) HEADERS.get(0).deepCopy();
    header.put("blobGasUsed", "0x7");
    assertThatThrownBy(() -> Header.parse(header)).hasMessageContaining("blobGasUsed");
  }

  @Test
  void theReceiptsOfARealBlockOf330TransactionsHashToItsRoot() throws MalformedException {
    List<Bytes> receipts = new ArrayList<>();
    for (JsonNode receipt : TrieVectors.read("/chain/receipts-8889776.json.gz")) {
      ((ObjectNode) receipt).put("logsBloom", bloom(receipt));
      receipts.add(Receipt.parse(receipt).encoded().orElseThrow());
    }
    assertThat(receipts).hasSize(330);
    Hash32 root = Header.parse(HEADERS.get(0)).receipts();
    assertThat(Trie.ofList(receipts)).isEqualTo(root);
    receipts.set(329, receipts.get(328));
    assertThat(Trie.ofList(receipts)).isNotEqualTo(root);
  }

  private static String bloom(JsonNode receipt) throws MalformedException {
    byte[] bloom = new byte[256];
    for (JsonNode log : receipt.path("logs")) {
      List<Bytes> marked = new ArrayList<>();
      marked.add(Bytes.parse(log.path("address").stringValue()));
      for (JsonNode topic : log.path("topics")) {
        marked.add(Bytes.parse(topic.stringValue()));
      }
      for (Bytes mark : marked) {
        Bytes hash = Keccak.hash(mark).bytes();
        for (int i = 0; i < 6; i += 2) {
          int bit = (hash.at(i) << 8 | hash.at(i + 1)) & 2047;
          bloom[255 - bit / 8] |= (byte) (1 << bit % 8);
        }
      }
    }
    return Bytes.of(bloom).toHex();
  }
}
