package io.tocsin.crypto;

import io.tocsin.base.Hash32;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A private key held in memory. */
public final class KeyPair implements Signer {
  private final byte[] secret;
  private final PublicKey publicKey;
  private boolean closed;

  /**
   * The key with this secret, which is copied.
   *
   * @throws IllegalArgumentException if it is not 32 bytes in the range of the group order
   */
  public KeyPair(byte[] secret) {
    if (!Secp256k1.validPrivateKey(secret)) {
      throw new IllegalArgumentException("not a secp256k1 private key");
    }
    this.secret = secret.clone();
    this.publicKey = Secp256k1.publicKey(secret);
  }

  /** A new key from {@code random}, which must be cryptographically strong outside of tests. */
  public static KeyPair generate(RandomGenerator random) {
    byte[] secret = new byte[32];
    do {
      random.nextBytes(secret);
    } while (!Secp256k1.validPrivateKey(secret));
    KeyPair pair = new KeyPair(secret);
    Arrays.fill(secret, (byte) 0);
    return pair;
  }

  @Override
  public PublicKey publicKey() {
    return publicKey;
  }

  @Override
  public synchronized Signature sign(Hash32 digest) {
    if (closed) {
      throw new IllegalStateException("the key is closed");
    }
    return Secp256k1.sign(digest, secret, publicKey);
  }

  /** A copy of the 32 secret bytes, for writing a key file; the caller wipes it. */
  public synchronized byte[] exportSecret() {
    if (closed) {
      throw new IllegalStateException("the key is closed");
    }
    return secret.clone();
  }

  @Override
  public synchronized void close() {
    Arrays.fill(secret, (byte) 0);
    closed = true;
  }

  @Override
  public String toString() {
    return "KeyPair[" + publicKey.address() + "]";
  }
}
