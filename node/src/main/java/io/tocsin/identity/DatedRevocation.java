package io.tocsin.identity;

import io.tocsin.base.Address;

/**
 * A revocation and when it was taken in, told by epochs: what its owner signed for rosters of later
 * epochs counts for nothing.
 *
 * @param epoch the latest epoch known when it was taken in; 0 when that is not known, and then it
 *     counts from the first epoch that seats its owner
 */
public record DatedRevocation(Revocation revocation, long epoch) {
  public DatedRevocation {
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch: expected 0 or more, found " + epoch);
    }
  }

  /** Whose key it revokes. */
  public Address account() {
    return revocation.account();
  }
}
