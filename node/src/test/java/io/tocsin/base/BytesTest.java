package io.tocsin.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BytesTest {
  @Test
  void findsAPartWhereverItStands() {
    Bytes all = Bytes.hex("0x0102030201020304");

    assertThat(all.contains(Bytes.hex("0x010203"))).isTrue();
    assertThat(all.contains(Bytes.hex("0x020304"))).isTrue();
    assertThat(all.contains(all)).isTrue();
    assertThat(all.contains(Bytes.EMPTY)).isTrue();
    assertThat(all.contains(Bytes.hex("0x0304ff"))).isFalse();
    assertThat(all.contains(Bytes.hex("0x0103"))).isFalse();
    assertThat(Bytes.EMPTY.contains(all)).isFalse();
  }
}
