package io.tocsin.crypto;

import io.tocsin.base.Address;
import java.util.Optional;
import java.util.Set;

/** Who may sign: the public keys of accounts that are members now and not revoked. */
@FunctionalInterface
public interface KeyDirectory {
  /** The attest key of {@code account}; empty when it is no member or is revoked. */
  Optional<PublicKey> keyOf(Address account);

  /**
   * The attest key of an account that was a member and was never revoked, member now or not; what
   * it signed while it was one is still worth having.
   */
  default Optional<PublicKey> everKeyOf(Address account) {
    return keyOf(account);
  }

  /** Whether these members weigh enough that at least one of them is honest. */
  default boolean trustworthy(Set<Address> witnesses) {
    return false;
  }
}
