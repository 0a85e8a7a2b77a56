package io.tocsin.claim;

import io.tocsin.base.Address;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Signer;

/**
 * Who writes reports: a member in its federation.
 *
 * @param signer its attest key
 */
public record Author(Signer signer, Domain domain) {
  /** The member's account. */
  public Address account() {
    return signer.address();
  }
}
