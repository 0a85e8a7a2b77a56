package io.tocsin.identity;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.StructHash;

/**
 * What the guardian contract knows of a member.
 *
 * @param operator the Keccak-256 hash of the operator's name
 */
public record Seat(Address account, long weight, Hash32 operator) {
  static final String TYPE = "Seat(address account,uint64 weight,bytes32 operator)";
  private static final Hash32 TYPE_HASH = Keccak.hashUtf8(TYPE);

  /** The EIP-712 struct hash. */
  public Hash32 structHash() {
    return StructHash.ofTypeHash(TYPE_HASH).address(account).uint(weight).bytes32(operator).hash();
  }
}
