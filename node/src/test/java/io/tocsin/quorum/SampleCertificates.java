package io.tocsin.quorum;

import io.tocsin.claim.Claim;
import java.util.List;

/** Certificates as if they had been checked, for tests of what comes after the check. */
public final class SampleCertificates {
  private SampleCertificates() {}

  /** A certificate of {@code claim} in {@code epoch}, without signatures. */
  public static QuorumCertificate of(Claim claim, long epoch) {
    return new QuorumCertificate(claim, epoch, List.of());
  }
}
