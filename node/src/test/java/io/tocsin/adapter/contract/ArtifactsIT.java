package io.tocsin.adapter.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The compiled contracts that ship with the node are those whose checksums are committed. */
final class ArtifactsIT {
  private static byte[] shipped(String name) throws IOException {
    try (InputStream in = ArtifactsIT.class.getResourceAsStream("/io/tocsin/contracts/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  @Test
  void everyArtifactHasItsCommittedChecksum() throws IOException, NoSuchAlgorithmException {
    List<String> sums = new String(shipped("SHA256SUMS"), StandardCharsets.UTF_8).lines().toList();
    assertThat(sums).anyMatch(line -> line.endsWith("  Guardian.json"));
    for (String line : sums) {
      String[] parts = line.split(" {2}", 2);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(shipped(parts[1]));
      assertThat(HexFormat.of().formatHex(digest)).as(parts[1]).isEqualTo(parts[0]);
    }
  }
}
