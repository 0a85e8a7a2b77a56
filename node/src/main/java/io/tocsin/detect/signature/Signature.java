package io.tocsin.detect.signature;

import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A pattern over what happens in one transaction or several: steps in the order in which they
 * begin, the outermost being the transactions; roles; and relations between numbers. It holds no
 * address.
 */
public record Signature(String name, List<Role> roles, List<Step> steps, List<Relation> relations) {
  /** The version of the language. */
  public static final String LANGUAGE = "1.0";

  static final int MAX_TEXT = 8 << 10;
  static final int MAX_STEPS = 64;
  static final int MAX_DEPTH = 16;
  static final int MAX_ROLES = 16;
  static final int MAX_RELATIONS = 16;
  static final int MAX_TRANSACTIONS = 8;

  public Signature {
    roles = List.copyOf(roles);
    steps = List.copyOf(steps);
    relations = List.copyOf(relations);
    if (steps.size() < 2 || steps.size() > MAX_STEPS || roles.size() > MAX_ROLES) {
      throw new IllegalArgumentException("a signature has events, and not too many");
    }
  }

  /** How many transactions it spans. */
  public int transactions() {
    return (int) steps.stream().filter(s -> s.kind() == EventKind.TRANSACTION).count();
  }

  /** What identifies it whatever it is called: the hash of its text without the name. */
  public Hash32 id() {
    return Keccak.hashUtf8(SignatureText.body(this));
  }

  /** Whether it speaks of storage, which a call tree alone does not show. */
  boolean needsWrites() {
    return steps.stream().anyMatch(s -> s.kind() == EventKind.WRITE);
  }

  /** The fingerprints of code that it asks for. */
  Set<Hash32> codes() {
    Set<Hash32> all = new TreeSet<>();
    roles.forEach(role -> role.code().ifPresent(all::add));
    return all;
  }
}
