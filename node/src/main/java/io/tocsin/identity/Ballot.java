package io.tocsin.identity;

import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.StructHash;

/** The EIP-712 structs a member signs when it votes on a claim or on a new roster. */
public final class Ballot {
  /** The verdict number of a confirmation. */
  public static final int CONFIRM = 1;

  private static final Hash32 ATTESTATION =
      Keccak.hashUtf8("Attestation(bytes32 claimId,uint64 epoch,uint8 verdict)");
  private static final Hash32 ROSTER_CHANGED =
      Keccak.hashUtf8("RosterChanged(uint64 epoch,bytes32 rosterHash)");

  private Ballot() {}

  /** The struct hash of {@code Attestation(claimId, epoch, verdict)}. */
  public static Hash32 attestation(Hash32 claimId, long epoch, int verdict) {
    return StructHash.ofTypeHash(ATTESTATION).bytes32(claimId).uint(epoch).uint(verdict).hash();
  }

  /** The struct hash of the claim {@code RosterChanged(epoch, rosterHash)}. */
  public static Hash32 rosterChanged(long epoch, Hash32 rosterHash) {
    return StructHash.ofTypeHash(ROSTER_CHANGED).uint(epoch).bytes32(rosterHash).hash();
  }
}
