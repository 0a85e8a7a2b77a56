package io.tocsin.adapter.keys;

import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.PublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A member's keys in one directory: {@code attest.json}, {@code responder.json}, {@code
 * x25519.json}, {@code tls.p12}, each under the password, and {@code public.json}. Files are made
 * for their owner only, are refused when others can read them, and are never overwritten.
 */
public final class Keyring {
  private static final String PUBLIC = "public.json";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final Path directory;

  private Keyring(Path directory) {
    this.directory = directory;
  }

  /** The keyring in {@code directory}, which need not exist yet. */
  public static Keyring in(Path directory) {
    return new Keyring(directory);
  }

  /** What making a key takes besides the password. */
  public record Making(KeyFile.Cost cost, SecureRandom random, Instant now) {}

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  /** The file of a key. */
  public Path file(Role role) {
    return directory.resolve(role.file());
  }

  /** Whether there is a key for {@code role}. */
  public boolean has(Role role) {
    return Files.exists(file(role));
  }

  /**
   * Makes the key for {@code role} and adds its public part.
   *
   * @throws IOException if there is one already, or the directory cannot be written
   */
  public PublicParts create(Role role, String name, char[] password, Making making)
      throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IOException(
          "a name of keys has 1 to 64 letters, digits, dots, hyphens and underscores");
    }
    PrivateFiles.directory(directory);
    if (has(role)) {
      throw new IOException(file(role) + " exists; keys are never overwritten");
    }
    PublicParts before =
        Files.exists(directory.resolve(PUBLIC)) ? publicParts() : PublicParts.none(name);
    PublicParts after =
        switch (role) {
          case ATTEST ->
              new PublicParts(
                  before.name(),
                  Optional.of(account(role, password, making)),
                  before.responder(),
                  before.tls(),
                  before.x25519());
          case RESPONDER ->
              new PublicParts(
                  before.name(),
                  before.attest(),
                  Optional.of(account(role, password, making)),
                  before.tls(),
                  before.x25519());
          case TLS ->
              new PublicParts(
                  before.name(),
                  before.attest(),
                  before.responder(),
                  Optional.of(tls(before.name(), password, making)),
                  before.x25519());
          case X25519 ->
              new PublicParts(
                  before.name(),
                  before.attest(),
                  before.responder(),
                  before.tls(),
                  Optional.of(x25519(password, making)));
        };
    PrivateFiles.replace(directory.resolve(PUBLIC), text(Json.pretty(after.write())));
    return after;
  }

  private static byte[] text(String document) {
    return (document + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private PublicKey account(Role role, char[] password, Making making) throws IOException {
    try (KeyPair pair = KeyPair.generate(making.random())) {
      write(role, pair.exportSecret(), pair.address().toString().substring(2), password, making);
      return pair.publicKey();
    }
  }

  private Hash32 x25519(char[] password, Making making) throws IOException {
    X25519Key key = X25519Key.generate(making.random());
    write(Role.X25519, key.secret().getEncoded(), "", password, making);
    return key.publicKey();
  }

  private void write(Role role, byte[] secret, String address, char[] password, Making making)
      throws IOException {
    try {
      PrivateFiles.create(
          file(role),
          text(
              Json.pretty(
                  KeyFile.lock(secret, address, password, making.cost(), making.random()))));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private Hash32 tls(String name, char[] password, Making making) throws IOException {
    TlsKey key = TlsKey.generate(name, making.now(), making.random());
    PrivateFiles.create(file(Role.TLS), key.lock(password));
    return key.hash();
  }

  /**
   * The public parts.
   *
   * @throws IOException if they cannot be read, or one key serves as attest and responder key
   */
  public PublicParts publicParts() throws IOException {
    Path file = directory.resolve(PUBLIC);
    try {
      PublicParts parts = PublicParts.read(Files.readAllBytes(file));
      if (parts.attest().isPresent() && parts.attest().equals(parts.responder())) {
        throw new IOException(file + ": one key is both attest and responder key");
      }
      return parts;
    } catch (MalformedException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The attest or responder key; the caller closes it.
   *
   * @throws IOException if it cannot be read, is open to others, or the password is wrong
   */
  public KeyPair open(Role role, char[] password) throws IOException {
    if (role == Role.TLS || role == Role.X25519) {
      throw new IllegalArgumentException(role + " is no signing key of an account");
    }
    byte[] secret = secret(role, password);
    try {
      KeyPair pair = new KeyPair(secret);
      PublicParts parts = publicParts();
      Optional<PublicKey> expected = role == Role.ATTEST ? parts.attest() : parts.responder();
      if (!expected.equals(Optional.of(pair.publicKey()))) {
        pair.close();
        throw new IOException(file(role) + " holds another key than " + PUBLIC + " names");
      }
      return pair;
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /**
   * The TLS key.
   *
   * @throws IOException if it cannot be read, is open to others, or the password is wrong
   */
  public TlsKey openTls(char[] password) throws IOException {
    try {
      return TlsKey.unlock(PrivateFiles.read(file(Role.TLS)), password);
    } catch (IOException e) {
      throw new IOException(file(Role.TLS) + ": " + e.getMessage(), e);
    }
  }

  /**
   * The X25519 key.
   *
   * @throws IOException if it cannot be read, is open to others, or the password is wrong
   */
  public X25519Key openX25519(char[] password) throws IOException {
    byte[] secret = secret(Role.X25519, password);
    try {
      return X25519Key.of(secret);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private byte[] secret(Role role, char[] password) throws IOException {
    return secret(file(role), password);
  }

  /**
   * The account's key in a key file that stands alone, from any Ethereum client; the caller closes
   * it.
   *
   * @throws IOException if it cannot be read, is open to others, or the password is wrong
   */
  public static KeyPair openFile(Path file, char[] password) throws IOException {
    byte[] secret = secret(file, password);
    try {
      return new KeyPair(secret);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds no secp256k1 key", e);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static byte[] secret(Path file, char[] password) throws IOException {
    try {
      return KeyFile.unlock(PrivateFiles.read(file), password)
          .orElseThrow(() -> new IOException("the password of " + file + " is wrong"));
    } catch (MalformedException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
