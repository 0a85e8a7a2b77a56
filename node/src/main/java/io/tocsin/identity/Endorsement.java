package io.tocsin.identity;

import io.tocsin.base.Address;
import io.tocsin.crypto.Signature;

/** One member's signature under something that needs many. */
public record Endorsement(Address signer, Signature signature) implements Comparable<Endorsement> {
  @Override
  public int compareTo(Endorsement other) {
    return signer.compareTo(other.signer);
  }
}
