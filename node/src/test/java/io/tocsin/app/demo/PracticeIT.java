package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PracticeIT {
  @TempDir private Path folder;

  @Test
  void twoMembersMeetThoughTheyReachNoChain() throws Exception {
    assertThat(Practice.meet(folder, 2, Duration.ofMinutes(2))).isTrue();
  }

  @Test
  void oneAloneMeetsNobody() throws Exception {
    assertThat(Practice.meet(folder, 1, Duration.ofMillis(300))).isFalse();
  }
}
