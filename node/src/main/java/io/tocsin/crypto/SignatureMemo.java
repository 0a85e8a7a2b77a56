package io.tocsin.crypto;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Signatures that were found right, so that one which comes again, in a certificate after its
 * attestation or in five certificates, is checked once. Only right ones are kept, those that came
 * first going first: a flood of wrong ones keeps nothing out. Thread-safe.
 */
public final class SignatureMemo {
  private static final int CAPACITY = 8_192;

  private final Set<Proof> proofs;

  private record Proof(Bytes signature, Hash32 digest, Bytes point) {}

  /** An empty one. */
  public SignatureMemo() {
    this(CAPACITY);
  }

  SignatureMemo(int capacity) {
    proofs =
        Collections.synchronizedSet(
            Collections.newSetFromMap(
                new LinkedHashMap<>() {
                  @Override
                  protected boolean removeEldestEntry(Map.Entry<Proof, Boolean> eldest) {
                    return size() > capacity;
                  }
                }));
  }

  /** What {@link Secp256k1#verify} says. */
  public boolean verify(Signature signature, Hash32 digest, PublicKey key) {
    Proof proof = new Proof(signature.bytes(), digest, key.point());
    if (proofs.contains(proof)) {
      return true;
    }
    boolean right = Secp256k1.verify(signature, digest, key);
    if (right) {
      proofs.add(proof);
    }
    return right;
  }

  int size() {
    return proofs.size();
  }
}
