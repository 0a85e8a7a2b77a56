package io.tocsin.quorum;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import java.util.List;

/** The durable record of the attestations that were admitted, right or wrong. Thread-safe. */
@FunctionalInterface
public interface AttestationLog {
  /** What {@code member} said on a claim, however long ago, the oldest first. */
  List<Attestation> of(Address member, Hash32 claimId);
}
