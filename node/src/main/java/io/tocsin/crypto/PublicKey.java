package io.tocsin.crypto;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;

/** A secp256k1 public key: the 64 bytes x‖y of a point on the curve. */
public record PublicKey(Bytes point) {
  public PublicKey {
    if (point.size() != 64) {
      throw new IllegalArgumentException("a public key has 64 bytes, not " + point.size());
    }
  }

  /**
   * The key with these coordinates.
   *
   * @throws MalformedException if {@code point} is not 64 bytes of a point on the curve
   */
  public static PublicKey parse(Bytes point) throws MalformedException {
    if (point.size() != 64 || !Secp256k1.onCurve(point)) {
      throw new MalformedException("not a point on secp256k1: " + point);
    }
    return new PublicKey(point);
  }

  /** The account of this key: the last 20 bytes of the Keccak-256 hash of the point. */
  public Address address() {
    return new Address(Keccak.hash(point).bytes().slice(12, 32));
  }

  @Override
  public String toString() {
    return point.toHex();
  }
}
