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

  /** The keys of all who are members or were, other than those revoked. */
  KeyDirectory everyone() {
    return keys::everKeyOf;
  }

  /** Whether {@code author} is a member now. */
  boolean present(Address author) {
    return keys.keyOf(author).isPresent();
  }

  /** Whether {@code author} is a member or was one. */
  boolean known(Address author) {
    return keys.everKeyOf(author).isPresent();
  }
}
