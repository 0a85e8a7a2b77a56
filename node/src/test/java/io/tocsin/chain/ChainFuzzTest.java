package io.tocsin.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.crypto.Keccak;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ChainFuzzTest {
  @FuzzTest
  void callTrace(byte[] input) {
    Refusal.orValue(
            () -> TraceJson.parse(input, ChainId.evm(1), Hash32.ZERO, new Position.Unknown()))
        .ifPresent(
            trace -> {
              assertThat(trace.end(0)).isEqualTo(trace.frames().size());
              assertThat(trace.accounts()).isNotEmpty();
              assertThat(TraceDigest.effectiveLogs(trace)).isNotNull();
            });
  }

  @FuzzTest
  void transactionJson(byte[] input) {
    Refusal.orValue(() -> TransactionJson.parse(Json.parse(input)))
        .ifPresent(ChainFuzzTest::readable);
  }

  @FuzzTest
  void transaction(byte[] input) {
    Bytes wire = Bytes.of(input);
    Refusal.orValue(() -> SignedTransaction.decode(wire))
        .ifPresent(
            transaction -> {
              readable(transaction);
              if (transaction.type() != 3) {
                assertThat(transaction.encoded()).isEqualTo(wire);
              }
            });
  }

  private static void readable(SignedTransaction transaction) {
    assertThat(Refusal.orValue(() -> SignedTransaction.decode(transaction.encoded())))
        .contains(transaction);
    assertThat(transaction.fees()).isNotNull();
    assertThat(transaction.gas().amount()).isNotNegative();
    assertThat(transaction.nonce()).isNotNegative();
    assertThat(TransactionJson.callObject(transaction).has("from")).isTrue();
  }

  @FuzzTest
  void receipt(byte[] input) {
    Refusal.orValue(() -> Receipt.parse(Json.parse(input)))
        .ifPresent(receipt -> assertThat(receipt.logs()).doesNotContainNull());
  }

  @FuzzTest
  void stateDiff(byte[] input) {
    Refusal.orValue(() -> StateDiff.parse(Json.parse(input)))
        .ifPresent(diff -> assertThat(diff.changes()).doesNotContainNull());
  }

  @FuzzTest
  void header(byte[] input) {
    Refusal.orValue(() -> Header.parse(Json.parse(input)))
        .ifPresent(header -> assertThat(header.hash()).isNotEqualTo(header.state()));
  }

  /** A key and nodes; the first is the root, so that the others are looked for by their hashes. */
  @FuzzTest
  void trieProof(byte[] input) {
    ByteBuffer rest = ByteBuffer.wrap(input);
    Bytes key = take(rest, rest.hasRemaining() ? rest.get() & 0xff : 0);
    List<Bytes> nodes = new ArrayList<>();
    while (rest.remaining() >= 2) {
      nodes.add(take(rest, rest.getShort() & 0xffff));
    }
    Hash32 root = nodes.isEmpty() ? Trie.EMPTY : Keccak.hash(nodes.getFirst());
    Refusal.orValue(() -> TrieProof.value(root, key, nodes))
        .flatMap(value -> value)
        .ifPresent(value -> assertThat(value.isEmpty()).isFalse());
  }

  private static Bytes take(ByteBuffer from, int length) {
    byte[] out = new byte[Math.min(length, from.remaining())];
    from.get(out);
    return Bytes.of(out);
  }

  /** The first node is the root. */
  @FuzzTest
  void accountProof(byte[] input) {
    Address account = Address.hex("0x5fbdb2315678afecb367f032d93f642f64180aa3");
    List<Hash32> slots = List.of(Hash32.ZERO);
    Refusal.orValue(() -> Json.parse(input))
        .ifPresent(
            answer -> {
              Hash32 root =
                  Refusal.orValue(
                          () -> Bytes.parse(answer.path("accountProof").path(0).asString("")))
                      .map(Keccak::hash)
                      .orElse(Hash32.ZERO);
              Refusal.orValue(() -> AccountProof.verify(answer, root, account, slots))
                  .ifPresent(proof -> assertThat(proof.words()).containsKey(Hash32.ZERO));
            });
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
