package io.tocsin.policy;

import io.tocsin.claim.Claim;
import io.tocsin.quorum.QuorumCertificate;

/** What a decision is asked about. */
public sealed interface Alarm {
  /** What happened. */
  Claim claim();

  /** The town's word. */
  record Certified(QuorumCertificate certificate) implements Alarm {
    @Override
    public Claim claim() {
      return certificate.claim();
    }
  }

  /** This node's own sighting, not certified. */
  record Local(Claim claim) implements Alarm {}
}
