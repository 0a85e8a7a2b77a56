package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.BlockRef;
import io.tocsin.crypto.Keccak;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ArrearsTest {
  private final Arrears arrears = new Arrears();
  private final List<Long> durable = new ArrayList<>();

  private static BlockRef ref(long number) {
    return new BlockRef(number, Keccak.hash(Bytes.utf8("block " + number)), Instant.EPOCH);
  }

  private static Arrears.Owed owed(long number) {
    return new Arrears.Owed(
        new Block(ref(number), Hash32.ZERO, Wei.ZERO, List.of(), Optional.empty(), false),
        Instant.EPOCH,
        Set.of());
  }

  private void acknowledge(long... numbers) {
    for (long number : numbers) {
      arrears.acknowledge(ref(number), block -> durable.add(block.number()));
    }
  }

  @Test
  void withoutArrearsEveryAcknowledgementGoesThrough() {
    acknowledge(1, 2, 3);
    assertThat(durable).containsExactly(1L, 2L, 3L);
  }

  @Test
  void noAcknowledgementGoesPastABlockThatIsOwed() {
    arrears.add(owed(2));
    acknowledge(1, 2, 3);
    assertThat(durable).containsExactly(1L);
  }

  @Test
  void aBlockHoldsUntilTheHeadBehindItsLastTraceIsDealtWith() {
    arrears.add(owed(2));
    arrears.head(ref(3));
    acknowledge(1, 2, 3);
    arrears.paid(ref(2));
    acknowledge(3);
    assertThat(durable).containsExactly(1L);
    arrears.head(ref(4));
    acknowledge(4);
    assertThat(durable).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void whatWasNotMadeDurableIsTriedAgain() {
    List<BlockRef> tried = new ArrayList<>();
    try {
      arrears.acknowledge(
          ref(1),
          block -> {
            tried.add(block);
            throw new IllegalStateException("the disk is full");
          });
    } catch (IllegalStateException e) {
      assertThat(tried).containsExactly(ref(1));
    }
    acknowledge(2);
    assertThat(durable).containsExactly(1L, 2L);
  }

  @Test
  void aBlockIsGivenUpWhenTooManyCameBehindIt() {
    arrears.add(owed(2));
    assertThat(arrears.head(ref(1 + Arrears.MOST))).isEmpty();
    assertThat(arrears.head(ref(2 + Arrears.MOST))).containsExactly(ref(2));
    acknowledge(2, 3);
    assertThat(durable).containsExactly(2L, 3L);
  }

  @Test
  void aBlockThatLeftTheChainIsOwedNoMore() {
    arrears.add(owed(2));
    arrears.add(owed(3));
    arrears.cut(2);
    assertThat(arrears.owes(ref(3))).isFalse();
    assertThat(arrears.owes(ref(2))).isTrue();
    arrears.cut(1);
    acknowledge(1, 2);
    assertThat(durable).containsExactly(1L, 2L);
  }

  @Test
  void theNewestIsTriedFirstAndWhatFailedLast() {
    arrears.add(owed(2));
    arrears.add(owed(3));
    assertThat(arrears.next()).contains(owed(3));
    arrears.later(owed(3));
    assertThat(arrears.next()).contains(owed(2));
  }
}
