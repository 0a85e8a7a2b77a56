package io.tocsin.crypto;

import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import java.math.BigInteger;

/**
 * A secp256k1 signature: 65 bytes r‖s‖v with v 27 or 28, and s in the lower half of the group order
 * (EIP-2), so that nobody can make a second signature from the first.
 */
public record Signature(Bytes bytes) {
  static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final BigInteger HALF = ORDER.shiftRight(1);

  public Signature {
    String fault = fault(bytes);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException(fault);
    }
  }

  /**
   * The signature in these bytes.
   *
   * @throws MalformedException if the length, v, r or s is out of range, or s is high
   */
  public static Signature parse(Bytes bytes) throws MalformedException {
    String fault = fault(bytes);
    if (!fault.isEmpty()) {
      throw new MalformedException(fault);
    }
    return new Signature(bytes);
  }

  private static String fault(Bytes bytes) {
    if (bytes.size() != 65) {
      return "a signature has 65 bytes, not " + bytes.size();
    }
    BigInteger r = new BigInteger(1, bytes.slice(0, 32).toArray());
    BigInteger s = new BigInteger(1, bytes.slice(32, 64).toArray());
    if (bytes.at(64) != 27 && bytes.at(64) != 28) {
      return "v must be 27 or 28, not " + bytes.at(64);
    }
    if (r.signum() == 0 || r.compareTo(ORDER) >= 0) {
      return "r is out of range";
    }
    if (s.signum() == 0 || s.compareTo(HALF) > 0) {
      return "s is zero or high (EIP-2)";
    }
    return "";
  }

  /** The 64 bytes r‖s. */
  public Bytes compact() {
    return bytes.slice(0, 64);
  }

  /** The recovery id, 0 or 1. */
  public int recoveryId() {
    return bytes.at(64) - 27;
  }

  @Override
  public String toString() {
    return bytes.toHex();
  }
}
