package io.tocsin.identity;

import io.tocsin.base.Hash32;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;

/**
 * A group of members that grew from one founding roster.
 *
 * @param id {@code keccak256(hash of the founding roster ‖ nonce)}
 */
public record Federation(Hash32 id) {
  /** The federation that {@code foundingRoster} begins, told from others by {@code nonce}. */
  public static Federation founded(Hash32 foundingRoster, Hash32 nonce) {
    return new Federation(Keccak.hash(foundingRoster.bytes(), nonce.bytes()));
  }

  /** The EIP-712 domain of all its signatures. */
  public Domain domain() {
    return new Domain(id);
  }
}
