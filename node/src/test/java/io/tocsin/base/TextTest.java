package io.tocsin.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TextTest {
  @Test
  void nothingInForeignTextSteersATerminal() {
    assertThat(Text.printable("\u001b[2J\r\n\u0007")).isEqualTo("\\u001b[2J\\u000d\\u000a\\u0007");
    assertThat(Text.printable("a\u202eb\u200b\u2028")).isEqualTo("a\\u202eb\\u200b\\u2028");
    assertThat(Text.printable("Ålesund ✓ 東京")).isEqualTo("Ålesund ✓ 東京");
  }

  @Test
  void longTextIsCutAndSaysSo() {
    assertThat(Text.excerpt("x".repeat(80))).isEqualTo('"' + "x".repeat(80) + '"');
    assertThat(Text.excerpt("x".repeat(81)))
        .isEqualTo('"' + "x".repeat(80) + "\"… (81 characters)");
  }
}
