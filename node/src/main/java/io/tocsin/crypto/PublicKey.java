package io.tocsin.crypto;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;

/** A secp256k1 public key: the 64 bytes x‖y of a point on the curve. */
public final class PublicKey {
  private final Bytes point;
  private final Address address;

  /** The key with these 64 bytes; whether they are a point is not checked. */
  public PublicKey(Bytes point) {
    if (point.size() != 64) {
      throw new IllegalArgumentException("a public key has 64 bytes, not " + point.size());
    }
    this.point = point;
    this.address = new Address(Keccak.hash(point).bytes().slice(12, 32));
  }

  /** x‖y. */
  public Bytes point() {
    return point;
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
    return address;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PublicKey key && point.equals(key.point);
  }

  @Override
  public int hashCode() {
    return point.hashCode();
  }

  @Override
  public String toString() {
    return point.toHex();
  }
}
