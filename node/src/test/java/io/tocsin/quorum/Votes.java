package io.tocsin.quorum;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Verified;
import io.tocsin.identity.Endorsement;
import java.util.List;
import java.util.Optional;

/** Attestations of sample members, signed by no {@link Attestor}. */
public final class Votes {
  private Votes() {}

  /** A verdict of {@code key}. */
  public static Attestation vote(
      KeyPair key, Domain domain, Hash32 claimId, long epoch, Verdict verdict) {
    return Attestation.sign(key, domain, claimId, epoch, verdict);
  }

  /** An attestation as it arrives from the owner of {@code author}. */
  public static Verified<Attestation> arrived(
      KeyPair author, Domain domain, Attestation attestation) {
    Envelope envelope =
        Envelope.seal(author, domain, Attestation.TOPIC.name(), 1, attestation.encode());
    try {
      return Verified.open(
              envelope, domain, _ -> Optional.of(author.publicKey()), Attestation.TOPIC.decoder())
          .orElseThrow();
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The wire form of a certificate with the confirmations of {@code keys}, in that order. */
  public static Bytes certificate(
      Claim claim, Domain domain, long epoch, long verdict, List<KeyPair> keys) {
    return QuorumCertificate.encode(
        claim,
        epoch,
        verdict,
        keys.stream()
            .map(
                key ->
                    new Endorsement(
                        key.address(),
                        vote(key, domain, claim.id(), epoch, Verdict.CONFIRM).signature()))
            .toList());
  }
}
