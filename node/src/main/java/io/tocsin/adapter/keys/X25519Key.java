package io.tocsin.adapter.keys;

import io.tocsin.base.Hash32;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;

/**
 * An X25519 key for encryption to its member (RFC 7748).
 *
 * @param publicKey the 32 public bytes
 */
public record X25519Key(X25519PrivateKeyParameters secret, Hash32 publicKey) {
  static X25519Key of(byte[] secret) {
    X25519PrivateKeyParameters key = new X25519PrivateKeyParameters(secret, 0);
    return new X25519Key(key, Hash32.of(key.generatePublicKey().getEncoded()));
  }

  static X25519Key generate(RandomGenerator random) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    X25519Key key = of(secret);
    Arrays.fill(secret, (byte) 0);
    return key;
  }

  @Override
  public String toString() {
    return "X25519Key[" + publicKey + "]";
  }
}
