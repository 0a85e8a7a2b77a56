package io.tocsin.chain;

import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/** The tries of {@code trie-vectors.mjs}, drawn again, and what another program says of them. */
final class TrieVectors {
  private static final int[] BYTES = {0x00, 0x01, 0x10, 0x11, 0xff};

  private final int trie;
  private int round;
  private byte[] rest = {};
  private int used;

  private TrieVectors(int trie) {
    this.trie = trie;
  }

  static JsonNode read(String name) {
    try (InputStream in = Objects.requireNonNull(TrieVectors.class.getResourceAsStream(name))) {
      byte[] content =
          name.endsWith(".gz") ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
      return Json.parse(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The entries of the trie with this number. */
  static Map<Bytes, Bytes> entries(int trie) {
    return new TrieVectors(trie).entries();
  }

  /** As bytes are written in the vectors, without {@code 0x}. */
  static Bytes hex(JsonNode digits) {
    return Bytes.hex("0x" + digits.stringValue());
  }

  static List<Bytes> nodes(JsonNode proof) {
    List<Bytes> nodes = new ArrayList<>();
    proof.path("nodes").forEach(node -> nodes.add(hex(node)));
    return nodes;
  }

  private Map<Bytes, Bytes> entries() {
    int kind = next() % 3;
    int size = kind == 2 ? 1 + next() + (trie % 50 == 0 ? 300 : 0) : 1 + next() % 64;
    Map<Bytes, Bytes> entries = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      Bytes key = kind == 2 ? Rlp.string(Rlp.number(i)) : key(kind);
      entries.put(key, bytes(1 + next() % 80));
    }
    return entries;
  }

  private Bytes key(int kind) {
    if (kind == 0) {
      return bytes(32);
    }
    byte[] out = new byte[1 + next() % 4];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) BYTES[next() % 5];
    }
    return Bytes.of(out);
  }

  private Bytes bytes(int length) {
    byte[] out = new byte[length];
    for (int i = 0; i < length; i++) {
      out[i] = (byte) next();
    }
    return Bytes.of(out);
  }

  private int next() {
    if (used == rest.length) {
      try {
        rest =
            MessageDigest.getInstance("SHA-256")
                .digest(("trie " + trie + " " + round++).getBytes(StandardCharsets.UTF_8));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
      used = 0;
    }
    return rest[used++] & 0xff;
  }
}
