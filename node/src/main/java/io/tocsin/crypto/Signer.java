package io.tocsin.crypto;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;

/**
 * A secp256k1 key that signs without showing itself; implemented by key files, and by hardware
 * later. Thread-safe.
 */
public interface Signer extends AutoCloseable {
  /** The public half. */
  PublicKey publicKey();

  /**
   * Signs a digest, deterministically where the device allows.
   *
   * @throws IllegalStateException if the key is closed or its device fails
   */
  Signature sign(Hash32 digest);

  /** The account of the key. */
  default Address address() {
    return publicKey().address();
  }

  /** Signs an EIP-712 struct in {@code domain}. */
  default Signature sign(Domain domain, Hash32 structHash) {
    return sign(domain.digest(structHash));
  }

  /** Wipes the key from memory as far as the platform allows; signing fails afterwards. */
  @Override
  void close();
}
