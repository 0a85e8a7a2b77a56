package io.tocsin.policy;

import io.tocsin.base.AccountId;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The Merkle tree of permitted (chain, subject) whose root a mandate carries on chain. Leaves are
 * {@code keccak(keccak(abi.encode(keccak(chain), subject)))}; root and proofs are those of
 * OpenZeppelin's {@code StandardMerkleTree} over {@code (bytes32, address)}.
 *
 * @see <a href="https://github.com/OpenZeppelin/merkle-tree">OpenZeppelin merkle-tree</a>
 */
public final class SubjectTree {
  private final List<AccountId> subjects;
  private final Hash32[] nodes;

  private SubjectTree(List<AccountId> subjects, Hash32[] nodes) {
    this.subjects = subjects;
    this.nodes = nodes;
  }

  /** The tree of {@code subjects}; their order and repetitions do not matter. */
  public static SubjectTree of(Collection<AccountId> subjects) {
    List<AccountId> distinct = List.copyOf(new TreeSet<>(subjects));
    return new SubjectTree(distinct, nodes(distinct.stream().map(SubjectTree::leaf).toList()));
  }

  /** A complete binary tree in an array: the root first, the leaves last, in descending order. */
  static Hash32[] nodes(List<Hash32> leaves) {
    int count = leaves.size();
    if (count == 0) {
      return new Hash32[] {Hash32.ZERO};
    }
    List<Hash32> sorted = leaves.stream().sorted().toList();
    Hash32[] nodes = new Hash32[2 * count - 1];
    for (int i = 0; i < count; i++) {
      nodes[nodes.length - 1 - i] = sorted.get(i);
    }
    for (int i = count - 2; i >= 0; i--) {
      nodes[i] = parent(nodes[2 * i + 1], nodes[2 * i + 2]);
    }
    return nodes;
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
    return nodes[0];
  }

  /** The proof for {@code subject}; empty if it is not permitted. */
  public Optional<List<Hash32>> proof(AccountId subject) {
    int at = subjects.contains(subject) ? Arrays.asList(nodes).indexOf(leaf(subject)) : -1;
    if (at < 0) {
      return Optional.empty();
    }
    List<Hash32> proof = new ArrayList<>();
    for (int i = at; i > 0; i = (i - 1) / 2) {
      proof.add(nodes[i % 2 == 1 ? i + 1 : i - 1]);
    }
    return Optional.of(List.copyOf(proof));
  }
}
