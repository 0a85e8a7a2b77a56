package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.KeyDirectory;
import io.tocsin.crypto.Signer;

/**
 * Who we are and whom we know.
 *
 * @param signer our attest key
 * @param domain the federation
 * @param keys the attest keys of the members
 */
public record Membership(Signer signer, Domain domain, KeyDirectory keys) {
  /** Our own account. */
  public Address self() {
    return signer.address();
  }
}
