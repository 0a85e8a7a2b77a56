package io.tocsin.chain;

import io.tocsin.base.Bytes;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Why two codes with one normalised hash differ, from the most to the least certain reason. */
public enum CodeDifference {
  /** The compiler's metadata. */
  METADATA,
  /** An operand that only an immutable can be: PUSH32 with a leading zero byte in both. */
  IMMUTABLE,
  /** An operand of PUSH20: a linked library, the own address, or an address constant. */
  ADDRESS,
  /** An operand of PUSH32 that looks like a hash: an immutable, an event's topic, a constant. */
  WORD;

  /**
   * Compares two codes.
   *
   * @return empty if their normalised hashes differ
   */
  public static Optional<Set<CodeDifference>> between(Bytes one, Bytes other) {
    if (!CodeMask.mask(one).equals(CodeMask.mask(other))) {
      return Optional.empty();
    }
    byte[] a = one.toArray();
    byte[] b = other.toArray();
    int end = a.length - CodeMask.trailer(a);
    Set<CodeDifference> found = EnumSet.noneOf(CodeDifference.class);
    if (!one.slice(end, a.length).equals(other.slice(b.length - CodeMask.trailer(b), b.length))) {
      found.add(METADATA);
    }
    for (int at = 0; at < end; at = CodeMask.next(a, at)) {
      int to = Math.min(CodeMask.next(a, at), end);
      if (one.slice(at, to).equals(other.slice(at, to))) {
        continue;
      }
      if (to - at == 21) {
        found.add(ADDRESS);
      } else if (to - at == 33) {
        found.add(a[at + 1] == 0 && b[at + 1] == 0 ? IMMUTABLE : WORD);
      } else {
        found.add(METADATA);
      }
    }
    return Optional.of(found);
  }
}
