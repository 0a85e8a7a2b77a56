package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.chain.AccountProof;
import io.tocsin.chain.Header;
import io.tocsin.chain.Receipt;
import io.tocsin.chain.Trie;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Headers, lists, receipts and state of a real node are what the hashes of its blocks say. */
final class ProofIT {
  private static JsonNode block(Dev dev, long number) {
    return dev.call("eth_getBlockByNumber", "0x" + Long.toHexString(number), true);
  }

  private static Hash32 receiptsRoot(Dev dev, long number) throws MalformedException {
    List<Bytes> encoded = new ArrayList<>();
    for (JsonNode receipt : dev.call("eth_getBlockReceipts", "0x" + Long.toHexString(number))) {
      encoded.add(Receipt.parse(receipt).encoded().orElseThrow());
    }
    return Trie.ofList(encoded);
  }

  private static void assertProven(Dev dev, long number) throws MalformedException {
    Block block = Block.parse(block(dev, number));
    assertThat(block.sealed()).as("header of block %d", number).isTrue();
    assertThat(block.whole()).as("transactions of block %d", number).isTrue();
    assertThat(receiptsRoot(dev, number))
        .as("receipts of block %d", number)
        .isEqualTo(block.header().orElseThrow().receipts());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "byzantium",
        "istanbul",
        "berlin",
        "london",
        "paris",
        "shanghai",
        "cancun",
        "prague",
        "osaka"
      })
  void theBlocksOfEveryForkAreProven(String fork) throws Exception {
    try (Anvil anvil = Anvil.start("--hardfork", fork);
        Dev dev = new Dev(anvil.http())) {
      dev.mine();
      String from = Dev.KEY.address().toString();
      ObjectNode call =
          io.tocsin.base.Json.object().put("from", from).put("to", from).put("value", "0x1");
      call.put("gasPrice", "0x77359400");
      Hash32 tx = Hash32.hex(dev.call("eth_sendTransaction", call).stringValue());
      dev.receipt(tx);
      for (long number = 1; number <= dev.number(); number++) {
        assertProven(dev, number);
      }
    }
  }

  @Test
  void aBlockOf320TransactionsIsProvenAndNothingInItCanBeChanged() throws Exception {
    try (Anvil anvil = Anvil.start("--no-mining", "--order", "fifo", "--gas-limit", "300000000");
        Dev dev = new Dev(anvil.http())) {
      Bytes runtime = Bytes.hex("0x36600055" + "60206000a000");
      Bytes init = Bytes.hex("0x600a80600c6000396000f3").concat(runtime);
      dev.send(dev.sign(0, Optional.empty(), Wei.ZERO, init));
      dev.mine();
      Address emitter =
          Address.hex(
              dev.call("eth_getBlockReceipts", "0x1").get(0).path("contractAddress").stringValue());
      Random random = new Random(7);
      for (int i = 0; i < 320; i++) {
        byte[] input = new byte[random.nextInt(100)];
        random.nextBytes(input);
        dev.send(dev.sign(1 + i, Optional.of(emitter), Wei.ZERO, Bytes.of(input)));
      }
      dev.mine();
      JsonNode shown = block(dev, 2);
      assertThat(shown.path("transactions").size()).isEqualTo(320);
      assertProven(dev, 2);
      ObjectNode swapped = (ObjectNode) shown.deepCopy();
      ArrayNode list = (ArrayNode) swapped.path("transactions");
      JsonNode first = list.get(127);
      list.set(127, list.get(128));
      list.set(128, first);
      assertThat(Block.parse(swapped).whole()).isFalse();
      ObjectNode cut = (ObjectNode) shown.deepCopy();
      ((ArrayNode) cut.path("transactions")).remove(319);
      assertThat(Block.parse(cut).whole()).isFalse();
      ObjectNode renamed = (ObjectNode) shown.deepCopy();
      ((ObjectNode) renamed.path("transactions").get(5)).put("hash", "0x" + "11".repeat(32));
      assertThat(Block.parse(renamed).whole()).isFalse();
    }
  }

  @Test
  void accountsWordsAndTheirAbsenceAreProvenByTheStateRoot() throws Exception {
    try (Anvil anvil = Anvil.start();
        Dev dev = new Dev(anvil.http())) {
      Address emitter = dev.emitter();
      dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x0102")));
      long number = dev.number();
      dev.mine();
      Hash32 root = Header.parse(block(dev, number)).state();
      AccountProof contract = prove(dev, emitter, number, root, Hash32.ZERO, word(7));
      Bytes code = Bytes.hex(dev.call("eth_getCode", emitter.toString(), "latest").stringValue());
      assertThat(contract.codeHash()).isEqualTo(Keccak.hash(code));
      assertThat(contract.words()).containsEntry(Hash32.ZERO, word(2));
      assertThat(contract.words()).containsEntry(word(7), Hash32.ZERO);
      Random random = new Random(1);
      for (int i = 0; i < 40; i++) {
        byte[] stranger = new byte[20];
        random.nextBytes(stranger);
        AccountProof absent = prove(dev, Address.of(stranger), number, root, word(i));
        assertThat(absent.balance()).isEqualTo(Wei.ZERO);
        assertThat(absent.codeHash()).isEqualTo(AccountProof.NO_CODE);
        assertThat(absent.words()).containsEntry(word(i), Hash32.ZERO);
      }
      AccountProof sender = prove(dev, Dev.KEY.address(), number, root);
      assertThat(sender.nonce()).isEqualTo(2);
    }
  }

  /** Anvil keeps the zero in its storage trie. */
  @Test
  void aWordThatWasClearedIsProvenToBeZero() throws Exception {
    try (Anvil anvil = Anvil.start();
        Dev dev = new Dev(anvil.http())) {
      Address emitter = dev.emitter();
      for (int value : new int[] {3, 0}) {
        dev.call(
            "anvil_setStorageAt", emitter.toString(), word(9).toString(), word(value).toString());
        dev.mine();
        long number = dev.number();
        Hash32 root = Header.parse(block(dev, number)).state();
        assertThat(prove(dev, emitter, number, root, word(9)).words())
            .containsEntry(word(9), word(value));
      }
    }
  }

  @Test
  void noNodeAndNoValueOfAProofCanBeChanged() throws Exception {
    try (Anvil anvil = Anvil.start();
        Dev dev = new Dev(anvil.http())) {
      Address emitter = dev.emitter();
      dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x0102")));
      long number = dev.number();
      Hash32 root = Header.parse(block(dev, number)).state();
      List<Hash32> slots = List.of(Hash32.ZERO);
      JsonNode honest = proof(dev, emitter, number, slots);
      for (String field : List.of("balance", "nonce", "codeHash", "storageHash")) {
        ObjectNode richer = (ObjectNode) honest.deepCopy();
        String value = richer.path(field).stringValue();
        char last = value.charAt(value.length() - 1);
        richer.put(field, value.substring(0, value.length() - 1) + (last == '1' ? '2' : '1'));
        refused(richer, root, emitter, slots);
      }
      ObjectNode word = (ObjectNode) honest.deepCopy();
      ((ObjectNode) word.path("storageProof").get(0)).put("value", "0x3");
      refused(word, root, emitter, slots);
      ObjectNode none = (ObjectNode) honest.deepCopy();
      ((ArrayNode) none.path("storageProof")).removeAll();
      refused(none, root, emitter, slots);
      for (int i = 0; i < honest.path("accountProof").size(); i++) {
        ObjectNode cut = (ObjectNode) honest.deepCopy();
        ((ArrayNode) cut.path("accountProof")).remove(i);
        refused(cut, root, emitter, slots);
      }
      refused(honest, Header.parse(block(dev, number - 1)).state(), emitter, slots);
      refused(honest, root, Dev.KEY.address(), slots);
    }
  }

  private static void refused(JsonNode answer, Hash32 root, Address account, List<Hash32> slots) {
    assertThatThrownBy(() -> AccountProof.verify(answer, root, account, slots))
        .isInstanceOf(MalformedException.class);
  }

  private static Hash32 word(int value) {
    return Hash32.of(Endpoint.word(java.math.BigInteger.valueOf(value)).toArray());
  }

  private static AccountProof prove(
      Dev dev, Address account, long number, Hash32 root, Hash32... slots)
      throws MalformedException {
    List<Hash32> asked = List.of(slots);
    return AccountProof.verify(proof(dev, account, number, asked), root, account, asked);
  }

  private static JsonNode proof(Dev dev, Address account, long number, List<Hash32> slots) {
    return dev.call(
        "eth_getProof",
        account.toString(),
        slots.stream().map(Hash32::toString).toArray(String[]::new),
        "0x" + Long.toHexString(number));
  }
}
