package io.tocsin.crypto;

import io.tocsin.base.Address;
import java.util.Optional;

/** Who may sign: the public keys of accounts that are members now and not revoked. */
@FunctionalInterface
public interface KeyDirectory {
  /** The attest key of {@code account}; empty when it is no member or is revoked. */
  Optional<PublicKey> keyOf(Address account);
}
