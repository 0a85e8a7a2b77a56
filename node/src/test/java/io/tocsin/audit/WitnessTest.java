package io.tocsin.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.Verification.Head;
import io.tocsin.audit.Witness.Hearing.Contradicted;
import io.tocsin.audit.Witness.Hearing.Grown;
import io.tocsin.audit.Witness.Hearing.Known;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.Rlp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WitnessTest {
  private static final Address ALDER = Address.hex("0x00000000000000000000000000000000000000a1");
  private static final Address BIRCH = Address.hex("0x00000000000000000000000000000000000000b1");

  private final Witness witness = new Witness();

  private static Head head(long sequence) {
    return new Head(sequence, Keccak.hashUtf8("entry " + sequence));
  }

  private static Head other(long sequence) {
    return new Head(sequence, Hash32.ZERO);
  }

  @Test
  void witnessesALogThatGrowsOnceEachTime() {
    assertThat(witness.hear(ALDER, 1, head(10))).isEqualTo(new Grown());
    assertThat(witness.hear(BIRCH, 1, head(3))).isEqualTo(new Grown());
    assertThat(witness.hear(ALDER, 2, head(12))).isEqualTo(new Grown());
    assertThat(witness.take()).isEqualTo(Map.of(ALDER, head(12), BIRCH, head(3)));
    assertThat(witness.take()).isEmpty();
    assertThat(witness.hear(ALDER, 3, head(12))).isEqualTo(new Known());
    assertThat(witness.due()).isFalse();
  }

  @Test
  void refusesALogThatWasRewritten() {
    witness.hear(ALDER, 1, head(10));
    assertThat(witness.take()).hasSize(1);
    assertThat(witness.hear(ALDER, 2, other(10)))
        .isEqualTo(new Contradicted(head(10), other(10)))
        .hasToString("entry 10 of its audit log was %s and is %s", head(10).hash(), Hash32.ZERO);
    assertThat(witness.due()).as("it is not witnessed").isFalse();
  }

  @Test
  void refusesALogThatWasCutOff() {
    witness.hear(ALDER, 1, head(10));
    assertThat(witness.take()).hasSize(1);
    assertThat(witness.hear(ALDER, 2, head(9)))
        .hasToString("its audit log ended at entry 10 and ends at 9");
    assertThat(witness.hear(ALDER, 3, other(10)))
        .as("what was heard first stands")
        .isInstanceOf(Contradicted.class);
    assertThat(witness.due()).isFalse();
    assertThat(witness.hear(ALDER, 4, head(11))).isEqualTo(new Grown());
  }

  @Test
  void takesAMessageThatComesAgainForNoContradiction() {
    witness.hear(ALDER, 1, head(10));
    witness.hear(ALDER, 2, head(12));
    assertThat(witness.hear(ALDER, 1, head(10))).isEqualTo(new Known());
    assertThat(witness.hear(ALDER, 2, head(12))).isEqualTo(new Known());
  }

  @Test
  void readsBackWhatItWrites() throws MalformedException {
    HeadNotice notice = new HeadNotice(Map.of(ALDER, head(10), BIRCH, head(Long.MAX_VALUE)));
    assertThat(HeadNotice.decode(notice.encode())).isEqualTo(notice);
    assertThat(HeadNotice.decode(Rlp.encode(List.of())).heads()).isEmpty();
  }

  @Test
  void refusesOtherForms() {
    refused(Rlp.encode(List.of(List.of(ALDER, 0L, Hash32.ZERO))), "starts at 1");
    refused(
        Rlp.encode(List.of(List.of(BIRCH, 1L, Hash32.ZERO), List.of(ALDER, 1L, Hash32.ZERO))),
        "ascending");
    refused(
        Rlp.encode(List.of(List.of(ALDER, 1L, Hash32.ZERO), List.of(ALDER, 2L, Hash32.ZERO))),
        "ascending");
    refused(Rlp.encode(List.of(List.of(ALDER, 1L, Hash32.ZERO, 1L))), "more fields");
    refused(Bytes.EMPTY, "audit heads");
    refused(
        Rlp.encode(java.util.Collections.nCopies(300, List.of(ALDER, 1L, Hash32.ZERO))),
        "more than 256");
  }

  private static void refused(Bytes wire, String why) {
    assertThatThrownBy(() -> HeadNotice.decode(wire))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }
}
