package io.tocsin.quorum;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Rlp;
import io.tocsin.crypto.Secp256k1;
import io.tocsin.crypto.Signature;
import io.tocsin.crypto.Signer;
import io.tocsin.crypto.Topic;
import io.tocsin.identity.Ballot;
import java.util.List;
import java.util.Optional;

/**
 * A member's signed verdict on a claim: the payload of topic {@code attestation}. The signature is
 * over the EIP-712 struct {@code Attestation(bytes32 claimId,uint64 epoch,uint8 verdict)} in the
 * federation's domain, so that a certificate can be checked without the envelopes.
 */
public record Attestation(Hash32 claimId, long epoch, Verdict verdict, Signature signature) {
  /** Attestations among members. */
  public static final Topic<Attestation> TOPIC =
      new Topic<>(
          "attestation",
          Attestation::decode,
          256,
          attestation -> Optional.of(attestation.claimId()));

  public Attestation {
    if (epoch < 1) {
      throw new IllegalArgumentException("an epoch starts at 1, not " + epoch);
    }
  }

  /** Signs {@code verdict}. Only {@link Attestor} may do so outside of tests. */
  static Attestation sign(
      Signer signer, Domain domain, Hash32 claimId, long epoch, Verdict verdict) {
    Hash32 struct = Ballot.attestation(claimId, epoch, verdict.code());
    return new Attestation(claimId, epoch, verdict, signer.sign(domain, struct));
  }

  /** The EIP-712 struct hash that is signed. */
  public Hash32 structHash() {
    return Ballot.attestation(claimId, epoch, verdict.code());
  }

  /** Whether {@code key} signed this in {@code domain}. */
  public boolean signedBy(PublicKey key, Domain domain) {
    return Secp256k1.verify(signature, domain.digest(structHash()), key);
  }

  /** The wire form: RLP {@code [claimId, epoch, verdict, signature]}. */
  public Bytes encode() {
    return Rlp.encode(List.of(claimId, epoch, (long) verdict.code(), signature.bytes()));
  }

  /**
   * Reads the wire form.
   *
   * @throws MalformedException if {@code wire} is anything else
   */
  public static Attestation decode(Bytes wire) throws MalformedException {
    Rlp.Reader reader = Rlp.read(wire, "attestation");
    Hash32 claimId = reader.hash("claimId");
    long epoch = reader.number("epoch");
    long code = reader.number("verdict");
    Signature signature = Signature.parse(reader.bytes("signature"));
    reader.end();
    if (epoch < 1) {
      throw reader.fault("epoch", "starts at 1");
    }
    Verdict verdict =
        Verdict.ofCode(code).orElseThrow(() -> reader.fault("verdict", "neither 1 nor 2: " + code));
    return new Attestation(claimId, epoch, verdict, signature);
  }
}
