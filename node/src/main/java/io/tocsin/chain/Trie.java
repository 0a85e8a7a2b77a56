package io.tocsin.chain;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The root of a Merkle-Patricia trie: one hash over entries by which each of them, and what is not
 * among them, can be proven (see {@link TrieProof}).
 *
 * @see <a href="https://ethereum.github.io/yellowpaper/paper.pdf">Ethereum yellow paper, appendix
 *     D</a>
 */
public final class Trie {
  /** The root of no entries. */
  public static final Hash32 EMPTY = Keccak.hash(new byte[] {(byte) 0x80});

  private static final byte[] NOTHING = new byte[0];

  private final List<byte[]> paths = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();

  private Trie(Map<Bytes, Bytes> entries) {
    new TreeMap<>(entries)
        .forEach(
            (key, value) -> {
              if (value.isEmpty()) {
                throw new IllegalArgumentException("the entry of " + key + " is empty");
              }
              paths.add(nibbles(key.toArray()));
              values.add(value.toArray());
            });
  }

  /** The root over {@code items} by their place, as a block's transactions and receipts have it. */
  public static Hash32 ofList(List<Bytes> items) {
    Map<Bytes, Bytes> entries = new TreeMap<>();
    for (Bytes item : items) {
      entries.put(Rlp.string(Rlp.number(entries.size())), item);
    }
    return of(entries);
  }

  /**
   * The root over {@code entries}.
   *
   * @throws IllegalArgumentException if one is empty
   */
  public static Hash32 of(Map<Bytes, Bytes> entries) {
    if (entries.isEmpty()) {
      return EMPTY;
    }
    Trie trie = new Trie(entries);
    return Keccak.hash(Rlp.list(trie.node(0, trie.paths.size(), 0)));
  }

  /** Each byte as two numbers below 16. */
  static byte[] nibbles(byte[] key) {
    byte[] out = new byte[2 * key.length];
    for (int i = 0; i < key.length; i++) {
      out[2 * i] = (byte) (key[i] >> 4 & 15);
      out[2 * i + 1] = (byte) (key[i] & 15);
    }
    return out;
  }

  /** The node over the entries of these places, whose paths are the same before {@code depth}. */
  private List<Object> node(int from, int to, int depth) {
    byte[] first = paths.get(from);
    if (to - from == 1) {
      return List.of(compact(first, depth, first.length, true), values.get(from));
    }
    int shared = Arrays.mismatch(first, paths.get(to - 1));
    if (shared > depth) {
      return List.of(compact(first, depth, shared, false), reference(node(from, to, shared)));
    }
    Object[] branch = new Object[17];
    Arrays.fill(branch, NOTHING);
    int at = from;
    if (first.length == depth) {
      branch[16] = values.get(at++);
    }
    while (at < to) {
      byte nibble = paths.get(at)[depth];
      int end = at + 1;
      while (end < to && paths.get(end)[depth] == nibble) {
        end++;
      }
      branch[nibble] = reference(node(at, end, depth + 1));
      at = end;
    }
    return List.of(branch);
  }

  /** A node within its parent: itself if shorter than a hash. */
  private static Object reference(List<Object> node) {
    Bytes encoded = Rlp.list(node);
    return encoded.size() < 32 ? node : Keccak.hash(encoded).toArray();
  }

  /** The nibbles from {@code from} to {@code to} in bytes, behind their parity and kind. */
  private static byte[] compact(byte[] path, int from, int to, boolean leaf) {
    int length = to - from;
    byte[] out = new byte[length / 2 + 1];
    int at = from;
    out[0] = (byte) (leaf ? 0x20 : 0);
    if (length % 2 == 1) {
      out[0] |= (byte) (0x10 | path[at++]);
    }
    for (int i = 1; at < to; i++, at += 2) {
      out[i] = (byte) (path[at] << 4 | path[at + 1]);
    }
    return out;
  }
}
