package io.tocsin.chain;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Keccak;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Reads a proof of what a {@link Trie} holds under one key, or that it holds nothing there: the
 * nodes from the root down, each named by its hash in the one before.
 */
public final class TrieProof {
  /** The longest node of a trie of hashed keys and values of at most 480 bytes. */
  private static final int LONGEST_NODE = 1_024;

  private static final Bytes NO_NODE = Bytes.of((byte) 0x80);

  private final byte[] path;
  private final Iterator<Bytes> nodes;
  private int depth;

  private TrieProof(byte[] path, Iterator<Bytes> nodes) {
    this.path = path;
    this.nodes = nodes;
  }

  /**
   * The value under {@code key} in the trie with this root; empty if it is proven to have none.
   *
   * @throws MalformedException if the nodes do not prove it, are not in canonical form, or are more
   *     than it takes
   */
  public static Optional<Bytes> value(Hash32 root, Bytes key, List<Bytes> nodes)
      throws MalformedException {
    if (root.equals(Trie.EMPTY) && (nodes.isEmpty() || nodes.equals(List.of(NO_NODE)))) {
      return Optional.empty();
    }
    TrieProof proof = new TrieProof(Trie.nibbles(key.toArray()), nodes.iterator());
    Optional<byte[]> value = proof.walk(root);
    if (proof.nodes.hasNext()) {
      throw new MalformedException("the proof has nodes behind its end");
    }
    return value.map(Bytes::of);
  }

  private Optional<byte[]> walk(Hash32 root) throws MalformedException {
    List<?> node = Rlp.parseList(named(root));
    boolean branchOnly = false;
    while (true) {
      if (node.size() == 17) {
        checkBranch(node);
        if (depth == path.length) {
          return present(node.get(16));
        }
        Object child = node.get(path[depth++]);
        if (child instanceof byte[] none && none.length == 0) {
          return Optional.empty();
        }
        node = child(child);
        branchOnly = false;
        continue;
      }
      if (node.size() != 2 || branchOnly) {
        throw new MalformedException("a node of " + node.size() + " items where none may be");
      }
      byte[] compact = Rlp.bytes(node.getFirst(), "path");
      boolean leaf = checkCompact(compact);
      boolean follows = follows(compact);
      if (leaf) {
        Optional<byte[]> value = present(node.getLast());
        if (value.isEmpty()) {
          throw new MalformedException("a leaf without a value");
        }
        return follows && depth == path.length ? value : Optional.empty();
      }
      if (!follows) {
        return Optional.empty();
      }
      node = child(node.getLast());
      branchOnly = true;
    }
  }

  private static void checkBranch(List<?> node) throws MalformedException {
    int used = 0;
    for (Object item : node) {
      used += item instanceof byte[] bytes && bytes.length == 0 ? 0 : 1;
    }
    if (used < 2) {
      throw new MalformedException("a branch of " + used);
    }
  }

  /** Whether the path is of a leaf. */
  private static boolean checkCompact(byte[] compact) throws MalformedException {
    int flag = compact.length == 0 ? -1 : compact[0] >> 4 & 15;
    boolean odd = (flag & 1) == 1;
    if (flag < 0 || flag > 3 || (!odd && (compact[0] & 15) != 0)) {
      throw new MalformedException("a path that is neither a leaf's nor an extension's");
    }
    if (flag == 0 && compact.length == 1) {
      throw new MalformedException("an extension by nothing");
    }
    return flag >= 2;
  }

  /** Moves along the nibbles of {@code compact}; false where the key goes elsewhere. */
  private boolean follows(byte[] compact) {
    byte[] all = Trie.nibbles(compact);
    int from = (all[0] & 1) == 1 ? 1 : 2;
    if (path.length - depth < all.length - from) {
      return false;
    }
    for (int i = from; i < all.length; i++) {
      if (path[depth++] != all[i]) {
        return false;
      }
    }
    return true;
  }

  private static Optional<byte[]> present(Object item) throws MalformedException {
    byte[] value = Rlp.bytes(item, "value");
    return value.length == 0 ? Optional.empty() : Optional.of(value);
  }

  private List<?> child(Object reference) throws MalformedException {
    if (reference instanceof List<?> within) {
      if (Rlp.list(within).size() >= 32) {
        throw new MalformedException("a long node within another");
      }
      return within;
    }
    byte[] hash = Rlp.bytes(reference, "node");
    if (hash.length != 32) {
      throw new MalformedException("a node is named by " + hash.length + " bytes");
    }
    Bytes encoded = named(Hash32.of(hash));
    if (encoded.size() < 32) {
      throw new MalformedException("a short node outside of its parent");
    }
    return Rlp.parseList(encoded);
  }

  private Bytes named(Hash32 hash) throws MalformedException {
    if (!nodes.hasNext()) {
      throw new MalformedException("the proof ends early");
    }
    Bytes encoded = nodes.next();
    if (encoded.size() > LONGEST_NODE) {
      throw new MalformedException("a node of " + encoded.size() + " bytes");
    }
    if (!Keccak.hash(encoded).equals(hash)) {
      throw new MalformedException("a node does not hash to " + hash);
    }
    return encoded;
  }
}
