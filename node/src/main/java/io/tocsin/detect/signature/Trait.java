package io.tocsin.detect.signature;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What can be asked of an account before it may play a role. */
public enum Trait {
  /** Outside of the sender's side; holds for every role. */
  ACCOUNT(1 << 0),
  /** It lost something on balance. */
  LOSER(1 << 1),
  /** It lost something that was not owed, and got nothing. */
  VICTIM(1 << 2),
  /** It lost something, got nothing, and neither called nor was called. */
  BYSTANDER(1 << 3),
  /** It shows a price as pools do, or was traded with as one. */
  POOL(1 << 4),
  /** It gave the sender's side something and got at least as much of it back. */
  LENDER(1 << 5),
  /** It is an asset that moved, or is called as a token. */
  TOKEN(1 << 6),
  /** It was asked for a price that is not that of a pool of its own. */
  ORACLE(1 << 7);

  private final int bit;

  Trait(int bit) {
    this.bit = bit;
  }

  /** The word for it in a signature. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The trait that {@code word} names. */
  public static Optional<Trait> of(String word) {
    return Arrays.stream(values()).filter(t -> t.word().equals(word)).findFirst();
  }

  int bit() {
    return bit;
  }

  static int mask(Set<Trait> traits) {
    int mask = 0;
    for (Trait trait : traits) {
      mask |= trait.bit();
    }
    return mask;
  }

  static Set<Trait> of(int mask) {
    Set<Trait> all = EnumSet.noneOf(Trait.class);
    for (Trait trait : values()) {
      if ((mask & trait.bit()) != 0) {
        all.add(trait);
      }
    }
    return all;
  }
}
