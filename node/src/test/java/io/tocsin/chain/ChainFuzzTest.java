package io.tocsin.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.Refusal;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
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

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
