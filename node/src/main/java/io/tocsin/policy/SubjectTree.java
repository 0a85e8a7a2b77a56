package io.tocsin.policy;

import io.tocsin.base.AccountId;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The Merkle tree of permitted (chain, subject) whose root a mandate carries on chain: leaves are
 * {@code keccak(keccak(abi.encode(keccak(chain), subject)))} in ascending order, inner nodes hash
 * their two children in ascending order, an odd node rises unhashed.
 */
public final class SubjectTree {
  private final List<AccountId> subjects;
  private final List<List<Hash32>> layers;

  private SubjectTree(List<AccountId> subjects, List<List<Hash32>> layers) {
    this.subjects = subjects;
    this.layers = layers;
  }

  /** The tree of {@code subjects}; their order and repetitions do not matter. */
  public static SubjectTree of(Collection<AccountId> subjects) {
    List<AccountId> distinct = List.copyOf(new TreeSet<>(subjects));
    List<Hash32> layer = distinct.stream().map(SubjectTree::leaf).sorted().toList();
    List<List<Hash32>> layers = new ArrayList<>();
    layers.add(layer);
    while (layer.size() > 1) {
      List<Hash32> above = new ArrayList<>();
      for (int i = 0; i < layer.size(); i += 2) {
        above.add(i + 1 < layer.size() ? parent(layer.get(i), layer.get(i + 1)) : layer.get(i));
      }
      layer = List.copyOf(above);
      layers.add(layer);
    }
    return new SubjectTree(distinct, List.copyOf(layers));
  }

  /** The leaf of one subject. */
  public static Hash32 leaf(AccountId subject) {
    Bytes encoded =
        Keccak.hashUtf8(subject.chain().toString())
            .bytes()
            .concat(subject.address().toWord().bytes());
    return Keccak.hash(Keccak.hash(encoded).bytes());
  }

  private static Hash32 parent(Hash32 a, Hash32 b) {
    return a.compareTo(b) < 0
        ? Keccak.hash(a.bytes(), b.bytes())
        : Keccak.hash(b.bytes(), a.bytes());
  }

  /** Whether {@code leaf} is under {@code root}. */
  public static boolean included(Hash32 leaf, List<Hash32> proof, Hash32 root) {
    Hash32 node = leaf;
    for (Hash32 sibling : proof) {
      node = parent(node, sibling);
    }
    return node.equals(root);
  }

  /** The permitted subjects in order. */
  public List<AccountId> subjects() {
    return subjects;
  }

  /** The root; zero if nothing is permitted. */
  public Hash32 root() {
    List<Hash32> top = layers.getLast();
    return top.isEmpty() ? Hash32.ZERO : top.getFirst();
  }

  /** The proof for {@code subject}; empty if it is not permitted. */
  public Optional<List<Hash32>> proof(AccountId subject) {
    int at = layers.getFirst().indexOf(leaf(subject));
    if (at < 0) {
      return Optional.empty();
    }
    List<Hash32> proof = new ArrayList<>();
    for (List<Hash32> layer : layers) {
      int sibling = at ^ 1;
      if (sibling < layer.size()) {
        proof.add(layer.get(sibling));
      }
      at >>= 1;
    }
    return Optional.of(List.copyOf(proof));
  }
}
