package io.tocsin.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

final class LimitedTest {
  private static InputStream of(int bytes, long most) {
    return new Limited(new ByteArrayInputStream(new byte[bytes]), most);
  }

  @Test
  void givesAsMuchAsIsAllowedAndFailsBeyond() throws IOException {
    assertThat(of(8, 8).readAllBytes()).hasSize(8);
    assertThatThrownBy(() -> of(9, 8).readAllBytes()).hasMessage("holds more than 8 bytes");
    InputStream single = of(2, 1);
    assertThat(single.read()).isZero();
    assertThatThrownBy(single::read).isInstanceOf(IOException.class);
  }
}
