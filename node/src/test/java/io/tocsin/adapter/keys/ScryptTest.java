package io.tocsin.adapter.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.generators.SCrypt;
import org.junit.jupiter.api.Test;

final class ScryptTest {
  @Test
  void givesTheKeysOfTheStandard() {
    assertThat(hex(Scrypt.derive("".getBytes(UTF_8), "".getBytes(UTF_8), 16, 1, 1)))
        .isEqualTo("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442");
    assertThat(hex(Scrypt.derive("password".getBytes(UTF_8), "NaCl".getBytes(UTF_8), 1024, 8, 16)))
        .isEqualTo("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
  }

  @Test
  void agreesWithBouncyCastleForOtherCosts() {
    Random random = new Random(7);
    int[][] costs = {{2, 1, 1}, {2, 8, 3}, {64, 3, 2}, {1024, 8, 1}, {4096, 5, 6}, {16_384, 8, 1}};
    for (int[] cost : costs) {
      byte[] password = new byte[random.nextInt(40)];
      byte[] salt = new byte[32];
      random.nextBytes(password);
      random.nextBytes(salt);
      assertThat(Scrypt.derive(password, salt, cost[0], cost[1], cost[2]))
          .isEqualTo(SCrypt.generate(password, salt, cost[0], cost[1], cost[2], 32));
    }
  }

  @Test
  void everyInputChangesTheKey() {
    byte[] one = {1};
    byte[] two = {2};
    String key = hex(Scrypt.derive(one, one, 16, 2, 2));
    assertThat(hex(Scrypt.derive(two, one, 16, 2, 2))).isNotEqualTo(key);
    assertThat(hex(Scrypt.derive(one, two, 16, 2, 2))).isNotEqualTo(key);
    assertThat(hex(Scrypt.derive(one, one, 32, 2, 2))).isNotEqualTo(key);
    assertThat(hex(Scrypt.derive(one, one, 16, 4, 2))).isNotEqualTo(key);
    assertThat(hex(Scrypt.derive(one, one, 16, 2, 1))).isNotEqualTo(key);
  }

  private static String hex(byte[] key) {
    return HexFormat.of().formatHex(key);
  }
}
