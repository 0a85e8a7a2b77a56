package io.tocsin.crypto;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.util.Optional;

/**
 * Signing, verification and recovery on secp256k1, by libsecp256k1 where its library loads and by
 * BouncyCastle elsewhere. Both sign deterministically (RFC 6979) and give the same bytes.
 */
public final class Secp256k1 {
  private static final Curve CURVE = Curve.load();

  private Secp256k1() {}

  /** The operations either library provides; private keys are 32 bytes, points 64, compact 64. */
  interface Curve {
    byte[] publicKey(byte[] privateKey);

    byte[] sign(byte[] digest, byte[] privateKey);

    boolean verify(byte[] compact, byte[] digest, byte[] point);

    Optional<byte[]> recover(byte[] compact, byte[] digest, int recoveryId);

    boolean onCurve(byte[] point);

    boolean validPrivateKey(byte[] privateKey);

    String name();

    static Curve load() {
      try {
        return new NativeCurve();
      } catch (LinkageError | RuntimeException e) {
        return new BouncyCurve();
      }
    }
  }

  /** The library in use, for the start-up sentence and the benchmarks. */
  public static String library() {
    return CURVE.name();
  }

  static boolean onCurve(Bytes point) {
    return CURVE.onCurve(point.toArray());
  }

  static boolean validPrivateKey(byte[] privateKey) {
    return privateKey.length == 32 && CURVE.validPrivateKey(privateKey);
  }

  static PublicKey publicKey(byte[] privateKey) {
    return new PublicKey(Bytes.of(CURVE.publicKey(privateKey)));
  }

  static Signature sign(Hash32 digest, byte[] privateKey, PublicKey key) {
    return complete(CURVE.sign(digest.toArray(), privateKey), digest, key);
  }

  /** Adds v to a low-s signature r‖s of {@code digest} made by {@code key}. */
  static Signature complete(byte[] compact, Hash32 digest, PublicKey key) {
    for (int id = 0; id < 2; id++) {
      Optional<byte[]> recovered = CURVE.recover(compact, digest.toArray(), id);
      if (recovered.isPresent() && Bytes.of(recovered.get()).equals(key.point())) {
        return new Signature(Bytes.of(compact).concat(Bytes.of((byte) (27 + id))));
      }
    }
    throw new IllegalStateException("the signature does not recover to its own key");
  }

  /**
   * Whether {@code signature} over {@code digest} was made by {@code key}; by recovery, because v
   * must be right too for the contract that recovers.
   */
  public static boolean verify(Signature signature, Hash32 digest, PublicKey key) {
    return point(signature, digest).filter(key.point()::equals).isPresent();
  }

  /** The key that made {@code signature} over {@code digest}; empty when there is none. */
  public static Optional<PublicKey> recover(Signature signature, Hash32 digest) {
    return point(signature, digest).map(PublicKey::new);
  }

  private static Optional<Bytes> point(Signature signature, Hash32 digest) {
    return CURVE
        .recover(signature.compact().toArray(), digest.toArray(), signature.recoveryId())
        .map(Bytes::of);
  }
}
