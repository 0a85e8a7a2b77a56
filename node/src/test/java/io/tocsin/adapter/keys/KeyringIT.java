package io.tocsin.adapter.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.adapter.rpc.Anvil;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Secp256k1;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

final class KeyringIT {
  private static final char[] PASSWORD = "correct horse ünïcode".toCharArray();
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  @TempDir private Path folder;
  private final Keyring.Making making =
      new Keyring.Making(KeyFile.Cost.LIGHT, new SecureRandom(), NOW);

  private Keyring full() throws IOException {
    Keyring keyring = Keyring.in(folder.resolve("keys"));
    for (Role role : Role.values()) {
      keyring.create(role, "alder", PASSWORD, making);
    }
    return keyring;
  }

  @Test
  void everyKeyComesBackAndNoneServesTwoRoles() throws IOException {
    Keyring keyring = full();
    PublicParts parts = keyring.publicParts();
    try (KeyPair attest = keyring.open(Role.ATTEST, PASSWORD);
        KeyPair responder = keyring.open(Role.RESPONDER, PASSWORD)) {
      assertThat(parts.attest()).contains(attest.publicKey());
      assertThat(parts.responder()).contains(responder.publicKey());
      assertThat(attest.address()).isNotEqualTo(responder.address());
      Hash32 digest = Keccak.hashUtf8("x");
      assertThat(Secp256k1.verify(attest.sign(digest), digest, attest.publicKey())).isTrue();
    }
    TlsKey tls = keyring.openTls(PASSWORD);
    assertThat(parts.tls()).contains(tls.hash());
    assertThat(tls.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=alder");
    assertThat(tls.certificate().getPublicKey().getAlgorithm()).isEqualTo("EC");
    assertThat(parts.x25519()).contains(keyring.openX25519(PASSWORD).publicKey());
  }

  @Test
  void filesAreTheOwnersOnly() throws IOException {
    Keyring keyring = full();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyring.directory())))
        .isEqualTo("rwx------");
    for (Role role : Role.values()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyring.file(role))))
          .isEqualTo("rw-------");
    }
    Files.setPosixFilePermissions(
        keyring.file(Role.ATTEST), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> keyring.open(Role.ATTEST, PASSWORD))
        .hasMessageContaining("open to other users");
  }

  @Test
  void aWrongPasswordAndAChangedFileOpenNothing() throws IOException {
    Keyring keyring = full();
    char[] wrong = "wrong".toCharArray();
    assertThatThrownBy(() -> keyring.open(Role.ATTEST, wrong)).hasMessageContaining("password");
    assertThatThrownBy(() -> keyring.openTls(wrong)).hasMessageContaining("tls.p12");
    assertThatThrownBy(() -> keyring.openX25519(wrong)).hasMessageContaining("password");
    Files.write(keyring.file(Role.ATTEST), Files.readAllBytes(keyring.file(Role.RESPONDER)));
    assertThatThrownBy(() -> keyring.open(Role.ATTEST, PASSWORD))
        .hasMessageContaining("another key");
  }

  @Test
  void neverOverwritesAKey() throws IOException {
    Keyring keyring = full();
    byte[] before = Files.readAllBytes(keyring.file(Role.ATTEST));
    assertThatThrownBy(() -> keyring.create(Role.ATTEST, "alder", PASSWORD, making))
        .hasMessageContaining("never overwritten");
    assertThat(Files.readAllBytes(keyring.file(Role.ATTEST))).isEqualTo(before);
  }

  @Test
  void ethersReadsOurKeyFiles() throws Exception {
    Keyring keyring = full();
    String script =
        "console.log(ethers.Wallet.fromEncryptedJsonSync(input, password).address.toLowerCase())";
    try (KeyPair attest = keyring.open(Role.ATTEST, PASSWORD)) {
      assertThat(ethers(script, Files.readString(keyring.file(Role.ATTEST))))
          .isEqualTo(attest.address().toString());
    }
  }

  @Test
  void readsKeyFilesOfEthers() throws Exception {
    KeyPair pair = KeyPair.generate(new Random(1));
    String script =
        "new ethers.Wallet(input).encrypt(password, {scrypt: {N: 4096}}).then(console.log)";
    String file = ethers(script, Bytes.of(pair.exportSecret()).toHex());
    assertThat(KeyFile.unlock(file.getBytes(StandardCharsets.UTF_8), PASSWORD).map(Bytes::of))
        .contains(Bytes.of(pair.exportSecret()));
  }

  private static String ethers(String script, String input) throws Exception {
    String prelude =
        "const {ethers} = require('ethers'); const input = process.env.INPUT;"
            + " const password = process.env.PASSWORD; ";
    ProcessBuilder builder = new ProcessBuilder("node", "-e", prelude + script);
    builder.environment().put("NODE_PATH", Anvil.modules().toAbsolutePath().toString());
    builder.environment().put("INPUT", input);
    builder.environment().put("PASSWORD", new String(PASSWORD));
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  /** The PBKDF2 vector of the Web3 Secret Storage definition. */
  @Test
  void readsThePublishedVectorWithPbkdf2() throws MalformedException {
    String vector =
        """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;
    byte[] document = vector.getBytes(StandardCharsets.UTF_8);
    assertThat(KeyFile.unlock(document, "testpassword".toCharArray()).map(Bytes::of))
        .contains(Bytes.hex("0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"));
    assertThat(KeyFile.unlock(document, "other".toCharArray())).isEmpty();
  }

  @Test
  void refusesFilesThatAskForTooMuch() {
    byte[] secret = new byte[32];
    secret[31] = 1;
    ObjectNode file = KeyFile.lock(secret, "", PASSWORD, KeyFile.Cost.LIGHT, new Random(1));
    ObjectNode kdf = (ObjectNode) file.get("crypto").get("kdfparams");
    kdf.put("n", 1 << 30);
    assertThatThrownBy(() -> KeyFile.unlock(Json.write(file), PASSWORD))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("1 GiB");
    kdf.put("n", 4095);
    assertThatThrownBy(() -> KeyFile.unlock(Json.write(file), PASSWORD))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void secretsComeFromPrivateFilesOnly() throws IOException, MalformedException {
    Path file = folder.resolve("password");
    Files.writeString(file, "secret\nnext line\n");
    SecretRef reference = SecretRef.parse("file:" + file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> reference.resolve("x")).hasMessageContaining("chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(reference.resolve("x")).isEqualTo("secret".toCharArray());
    SecretRef missing = SecretRef.parse("env:TOCSIN_NO_SUCH_VARIABLE");
    assertThatThrownBy(() -> missing.resolve("x")).hasMessageContaining("is not set");
    assertThatThrownBy(() -> SecretRef.parse("hunter2"))
        .isInstanceOf(MalformedException.class)
        .message()
        .doesNotContain("hunter2");
  }
}
