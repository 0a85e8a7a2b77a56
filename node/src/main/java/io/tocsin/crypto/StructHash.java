package io.tocsin.crypto;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.math.BigInteger;
import java.util.List;

/**
 * Builds an EIP-712 {@code hashStruct}: the type hash followed by one 32-byte word a field, in the
 * order of the type string. Owned by one thread; used once.
 */
public final class StructHash {
  private Bytes words;

  private StructHash(Hash32 type) {
    this.words = type.bytes();
  }

  /** Begins a struct of {@code encodedType}, such as {@code "Mail(address to,string text)"}. */
  public static StructHash of(String encodedType) {
    return new StructHash(Keccak.hashUtf8(encodedType));
  }

  /** Begins a struct whose type hash is already known. */
  public static StructHash ofTypeHash(Hash32 typeHash) {
    return new StructHash(typeHash);
  }

  private StructHash word(Bytes word) {
    words = words.concat(word);
    return this;
  }

  /** A {@code string} field. */
  public StructHash string(String value) {
    return word(Keccak.hashUtf8(value).bytes());
  }

  /** A {@code bytes} field. */
  public StructHash bytes(Bytes value) {
    return word(Keccak.hash(value).bytes());
  }

  /** A {@code bytes32} field, or a nested struct's hash. */
  public StructHash bytes32(Hash32 value) {
    return word(value.bytes());
  }

  /** An {@code address} field. */
  public StructHash address(Address value) {
    return word(value.toWord().bytes());
  }

  /** A {@code uintN} field with a value of at most 63 bits. */
  public StructHash uint(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("an unsigned field cannot hold " + value);
    }
    byte[] word = new byte[32];
    byte[] digits = BigInteger.valueOf(value).toByteArray();
    System.arraycopy(digits, 0, word, 32 - digits.length, digits.length);
    return word(Bytes.of(word));
  }

  /** An array of structs, given by their hashes. */
  public StructHash array(List<Hash32> structHashes) {
    return word(
        Keccak.hash(structHashes.stream().map(Hash32::bytes).toArray(Bytes[]::new)).bytes());
  }

  /** The struct hash. */
  public Hash32 hash() {
    return Keccak.hash(words);
  }
}
