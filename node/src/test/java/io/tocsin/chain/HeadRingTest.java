package io.tocsin.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class HeadRingTest {
  private static BlockRef block(long number, String branch) {
    return new BlockRef(
        number, Keccak.hashUtf8(branch + number), Instant.ofEpochSecond(1_700_000_000 + number));
  }

  @Test
  void knowsWhatExtendsItByTheParentsHash() {
    HeadRing ring = new HeadRing();
    assertThat(ring.extendedBy(5, Hash32.ZERO)).isTrue();
    ring.push(block(5, "a"));
    assertThat(ring.extendedBy(6, block(5, "a").hash())).isTrue();
    assertThat(ring.extendedBy(6, block(5, "b").hash())).isFalse();
    assertThat(ring.extendedBy(7, block(5, "a").hash())).isFalse();
  }

  @Test
  void refusesAGap() {
    HeadRing ring = new HeadRing();
    ring.push(block(5, "a"));
    assertThatThrownBy(() -> ring.push(block(7, "a"))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void remembers256Blocks() {
    HeadRing ring = new HeadRing();
    for (int i = 0; i < 300; i++) {
      ring.push(block(i, "a"));
    }
    assertThat(ring.full()).isTrue();
    assertThat(ring.at(43)).isEmpty();
    assertThat(ring.at(44)).isPresent();
    assertThat(ring.head()).contains(block(299, "a"));
  }

  @Test
  void givesWhatAReorganisationRemovesInOrder() {
    HeadRing ring = new HeadRing();
    for (int i = 0; i < 5; i++) {
      ring.push(block(i, "a"));
    }
    assertThat(ring.cutAbove(2)).containsExactly(block(3, "a"), block(4, "a"));
    assertThat(ring.head()).contains(block(2, "a"));
  }

  @Test
  void cursorForgetsBlocksReorganisedAwayAndDoesNotBridgeGaps() {
    ChainId chain = ChainId.evm(1);
    MemoryCursor cursor = new MemoryCursor();
    cursor.advance(chain, block(1, "a"));
    cursor.advance(chain, block(2, "a"));
    cursor.advance(chain, block(2, "b"));
    assertThat(cursor.recent(chain)).containsExactly(block(1, "a"), block(2, "b"));
    cursor.advance(chain, block(9, "a"));
    assertThat(cursor.recent(chain)).containsExactly(block(9, "a"));
    assertThat(cursor.recent(ChainId.evm(2))).isEmpty();
  }
}
