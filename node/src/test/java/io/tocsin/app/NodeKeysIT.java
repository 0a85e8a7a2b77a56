package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.adapter.keys.KeyFile;
import io.tocsin.adapter.keys.Keyring;
import io.tocsin.adapter.keys.PublicParts;
import io.tocsin.adapter.keys.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeKeysIT {
  @TempDir private Path folder;
  private PublicParts parts = PublicParts.none("north");

  @BeforeEach
  void makeKeys() throws IOException {
    Keyring keys = Keyring.in(folder.resolve("keys"));
    var making = new Keyring.Making(KeyFile.Cost.LIGHT, new SecureRandom(), Instant.EPOCH);
    parts = keys.create(Role.ATTEST, "north", "right".toCharArray(), making);
    parts = keys.create(Role.TLS, "north", "right".toCharArray(), making);
    Files.createFile(
        folder.resolve("password"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private NodeKeys open(String password) throws IOException {
    Files.writeString(folder.resolve("password"), password + "\n");
    Path file = folder.resolve("tocsin.yaml");
    Files.writeString(
        file,
        """
        name: north
        data: data
        federation:
          roster: federation.json
          keys: keys
          password: file:%s
          listen: 127.0.0.1:9
        chains:
          - id: eip155:1
            slot: 1s
            endpoints:
              - url: ipc:/nowhere
                operator: nobody
        """
            .formatted(folder.resolve("password")));
    return NodeKeys.open(CheckCommand.load(file, Map.of()));
  }

  @Test
  void opensTheKeysOfAMember() throws Exception {
    try (NodeKeys keys = open("right")) {
      assertThat(keys.member().attest().publicKey()).isEqualTo(parts.attest().orElseThrow());
      assertThat(keys.member().tls().hash()).isEqualTo(parts.tls().orElseThrow());
    }
  }

  @Test
  void aWrongPasswordIsSaidWhenTheKeysAreAskedFor() throws Exception {
    try (NodeKeys keys = open("wrong")) {
      assertThatThrownBy(keys::member)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("password");
    }
  }

  @Test
  void aNodeWithoutMandatesHasNoResponderKey() throws Exception {
    try (NodeKeys keys = open("right")) {
      assertThatThrownBy(keys::responder).isInstanceOf(IllegalStateException.class);
    }
  }
}
