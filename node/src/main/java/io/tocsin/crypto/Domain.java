package io.tocsin.crypto;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import org.jspecify.annotations.Nullable;

/**
 * The EIP-712 domain a signature belongs to: {@code {name: "Tocsin", version: "1", salt}}.
 *
 * @see <a href="https://eips.ethereum.org/EIPS/eip-712">EIP-712</a>
 */
public final class Domain {
  private static final Hash32 TYPE =
      Keccak.hashUtf8("EIP712Domain(string name,string version,bytes32 salt)");
  private static final Hash32 NAME = Keccak.hashUtf8("Tocsin");
  private static final Hash32 VERSION = Keccak.hashUtf8("1");
  private static final Bytes PREFIX = Bytes.hex("0x1901");

  /** Where a member signs its own record before it joins a federation. */
  public static final Domain JOINING = new Domain(Hash32.ZERO);

  private final Hash32 salt;
  private final Hash32 separator;

  /**
   * The domain of this salt.
   *
   * @param salt the federation's id; zero for member records, which are signed before there is one
   */
  public Domain(Hash32 salt) {
    this.salt = salt;
    this.separator = Keccak.hash(TYPE.bytes(), NAME.bytes(), VERSION.bytes(), salt.bytes());
  }

  /** The federation's id, or zero. */
  public Hash32 salt() {
    return salt;
  }

  /** {@code hashStruct(eip712Domain)}. */
  public Hash32 separator() {
    return separator;
  }

  /** What is signed for a struct: {@code keccak256(0x1901 ‖ separator ‖ structHash)}. */
  public Hash32 digest(Hash32 structHash) {
    return Keccak.hash(PREFIX, separator.bytes(), structHash.bytes());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Domain that && salt.equals(that.salt);
  }

  @Override
  public int hashCode() {
    return salt.hashCode();
  }

  @Override
  public String toString() {
    return "domain " + salt;
  }
}
