package io.tocsin.crypto;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Signatures that were found right, so that one which comes again, in a certificate after its
 * attestation or in five certificates, is checked once. Only right ones are kept, {@value
 * #CAPACITY} at most, those that were not asked for the longest going first: a flood of wrong ones
 * keeps nothing out. Thread-safe.
 */
public final class SignatureMemo {
  private static final int CAPACITY = 8_192;

  private final Map<Proof, Boolean> proofs =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Proof, Boolean> eldest) {
          return size() > CAPACITY;
        }
      };

  private record Proof(Bytes signature, Hash32 digest, Bytes point) {}

  /** What {@link Secp256k1#verify} says. */
  public boolean verify(Signature signature, Hash32 digest, PublicKey key) {
    Proof proof = new Proof(signature.bytes(), digest, key.point());
    synchronized (proofs) {
      if (proofs.get(proof) != null) {
        return true;
      }
    }
    boolean right = Secp256k1.verify(signature, digest, key);
    if (right) {
      synchronized (proofs) {
        proofs.put(proof, true);
      }
    }
    return right;
  }
}
