package io.tocsin.adapter.keys;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.JsonFields;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Keccak;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A 32-byte secret under a password, as Ethereum's key file of version 3 keeps it: AES-128-CTR, a
 * Keccak MAC, scrypt (written and read) or PBKDF2 (read).
 *
 * @see <a
 *     href="https://ethereum.org/en/developers/docs/data-structures-and-encoding/web3-secret-storage/">Web3
 *     Secret Storage</a>
 */
public final class KeyFile {
  private static final int SECRET = 32;

  /** The most memory a file may ask scrypt for, in bytes. */
  private static final long MAX_MEMORY = 1L << 30;

  private static final int MAX_ROUNDS = 10_000_000;

  private KeyFile() {}

  /**
   * What it costs to try one password.
   *
   * @param n scrypt's memory and time factor
   * @param p its parallelisation
   */
  public record Cost(int n, int p) {
    /** 256 MiB and about a second: for keys that are kept. */
    public static final Cost STANDARD = new Cost(262_144, 1);

    /** 4 MiB and milliseconds, as geth's light mode: for tests and demonstrations. */
    public static final Cost LIGHT = new Cost(4_096, 6);
  }

  /** The document that keeps {@code secret}. */
  public static ObjectNode lock(
      byte[] secret, String address, char[] password, Cost cost, RandomGenerator random) {
    if (secret.length != SECRET) {
      throw new IllegalArgumentException("a key file keeps 32 bytes, not " + secret.length);
    }
    byte[] salt = bytes(32, random);
    byte[] iv = bytes(16, random);
    byte[] utf8 = utf8(password);
    byte[] key = Scrypt.derive(utf8, salt, cost.n(), 8, cost.p());
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, key, iv, secret);
    ObjectNode out = Json.object().put("address", address);
    ObjectNode crypto = out.putObject("crypto");
    crypto.put("cipher", "aes-128-ctr");
    crypto.put("ciphertext", hex(sealed));
    crypto.putObject("cipherparams").put("iv", hex(iv));
    crypto.put("kdf", "scrypt");
    crypto
        .putObject("kdfparams")
        .put("dklen", 32)
        .put("n", cost.n())
        .put("p", cost.p())
        .put("r", 8)
        .put("salt", hex(salt));
    crypto.put("mac", hex(mac(key, sealed)));
    out.put("id", uuid(bytes(16, random)).toString());
    out.put("version", 3);
    Arrays.fill(key, (byte) 0);
    Arrays.fill(utf8, (byte) 0);
    return out;
  }

  /**
   * The secret in {@code document}; empty when the password is wrong. The caller wipes it.
   *
   * @throws MalformedException if it is no key file of version 3
   */
  public static Optional<byte[]> unlock(byte[] document, char[] password)
      throws MalformedException {
    JsonFields in = new JsonFields(Json.parseForeign(document), "key file");
    if (in.number("version") != 3) {
      throw in.fault("version", "expected 3");
    }
    JsonNode node = in.object().has("crypto") ? in.node("crypto") : in.node("Crypto");
    JsonFields crypto =
        JsonFields.of(
            node,
            "key file.crypto",
            List.of("cipher", "ciphertext", "cipherparams", "kdf", "kdfparams", "mac"));
    crypto.constant("cipher", "aes-128-ctr");
    JsonFields cipher =
        JsonFields.of(crypto.node("cipherparams"), "key file.crypto.cipherparams", List.of("iv"));
    byte[] iv = plainHex(cipher, "iv", 16);
    byte[] sealed = plainHex(crypto, "ciphertext", SECRET);
    byte[] expected = plainHex(crypto, "mac", 32);
    byte[] utf8 = utf8(password);
    byte[] key = derive(crypto, utf8);
    Arrays.fill(utf8, (byte) 0);
    if (!MessageDigest.isEqual(mac(key, sealed), expected)) {
      return Optional.empty();
    }
    byte[] secret = crypt(Cipher.DECRYPT_MODE, key, iv, sealed);
    Arrays.fill(key, (byte) 0);
    return Optional.of(secret);
  }

  /**
   * The account that a key file names, which nothing vouches for; empty if it names none.
   *
   * @throws MalformedException if {@code document} is no key file of version 3
   */
  public static Optional<Address> address(byte[] document) throws MalformedException {
    JsonFields in = new JsonFields(Json.parseForeign(document), "key file");
    if (in.number("version") != 3) {
      throw in.fault("version", "expected 3");
    }
    if (!in.object().path("address").isString() || in.text("address", 42).isEmpty()) {
      return Optional.empty();
    }
    String text = in.text("address", 42);
    return Optional.of(Address.parse(text.startsWith("0x") ? text : "0x" + text));
  }

  private static byte[] derive(JsonFields crypto, byte[] password) throws MalformedException {
    String kdf = crypto.text("kdf", 16);
    JsonNode node = crypto.node("kdfparams");
    String path = "key file.crypto.kdfparams";
    return switch (kdf) {
      case "scrypt" -> {
        JsonFields in = JsonFields.of(node, path, List.of("dklen", "n", "p", "r", "salt"));
        long n = in.number("n");
        long r = in.number("r");
        long p = in.number("p");
        if (n < 2 || Long.bitCount(n) != 1 || r < 1 || r > 64 || p < 1 || p > 64) {
          throw in.fault("n", "n, r or p is out of range");
        }
        if (n > MAX_MEMORY / 128 / r) {
          throw in.fault("n", "asks for more than 1 GiB");
        }
        length(in);
        byte[] salt = salt(in);
        yield Scrypt.derive(password, salt, (int) n, (int) r, (int) p);
      }
      case "pbkdf2" -> {
        JsonFields in = JsonFields.of(node, path, List.of("c", "dklen", "prf", "salt"));
        in.constant("prf", "hmac-sha256");
        long rounds = in.number("c");
        if (rounds < 1 || rounds > MAX_ROUNDS) {
          throw in.fault("c", "expected 1 to 10,000,000 rounds");
        }
        length(in);
        var generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
        generator.init(password, salt(in), (int) rounds);
        yield ((KeyParameter) generator.generateDerivedParameters(256)).getKey();
      }
      default -> throw crypto.fault("kdf", "expected scrypt or pbkdf2");
    };
  }

  private static void length(JsonFields in) throws MalformedException {
    if (in.number("dklen") != 32) {
      throw in.fault("dklen", "expected 32");
    }
  }

  private static byte[] salt(JsonFields in) throws MalformedException {
    String text = in.text("salt", 512);
    return parse(in, "salt", text);
  }

  private static byte[] plainHex(JsonFields in, String name, int size) throws MalformedException {
    byte[] content = parse(in, name, in.text(name, 2 * size));
    if (content.length != size) {
      throw in.fault(name, "expected " + size + " bytes");
    }
    return content;
  }

  private static byte[] parse(JsonFields in, String name, String text) throws MalformedException {
    try {
      return Bytes.parse("0x" + text).toArray();
    } catch (MalformedException e) {
      throw in.fault(name, "expected hex");
    }
  }

  private static byte[] mac(byte[] key, byte[] sealed) {
    return Keccak.hash(Bytes.of(Arrays.copyOfRange(key, 16, 32)), Bytes.of(sealed)).toArray();
  }

  private static byte[] crypt(int mode, byte[] key, byte[] iv, byte[] content) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, 0, 16, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES in counter mode", e);
    }
  }

  private static byte[] utf8(char[] password) {
    ByteBuffer buffer = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    byte[] out = new byte[buffer.remaining()];
    buffer.get(out);
    int from = buffer.arrayOffset();
    Arrays.fill(buffer.array(), from, from + buffer.capacity(), (byte) 0);
    return out;
  }

  private static byte[] bytes(int size, RandomGenerator random) {
    byte[] out = new byte[size];
    random.nextBytes(out);
    return out;
  }

  private static UUID uuid(byte[] content) {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    long high = (buffer.getLong() & ~0xf000L) | 0x4000L;
    long low = (buffer.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  private static String hex(byte[] content) {
    return Bytes.of(content).toHex().substring(2).toLowerCase(Locale.ROOT);
  }
}
