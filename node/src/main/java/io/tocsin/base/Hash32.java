package io.tocsin.base;

/** A 32-byte hash, such as a transaction, block, code or EIP-712 struct hash. */
public record Hash32(Bytes bytes) implements Comparable<Hash32> {
  /** Thirty-two zero bytes. */
  public static final Hash32 ZERO = new Hash32(Bytes.of(new byte[32]));

  public Hash32 {
    if (bytes.size() != 32) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.size());
    }
  }

  /** The hash whose bytes are {@code content}. */
  public static Hash32 of(byte[] content) {
    return new Hash32(Bytes.of(content));
  }

  /**
   * Reads 64 hex digits behind {@code 0x}.
   *
   * @throws MalformedException if {@code text} is anything else
   */
  public static Hash32 parse(String text) throws MalformedException {
    Bytes bytes = Bytes.parse(text);
    if (bytes.size() != 32) {
      throw new MalformedException("expected 32 bytes of hex, found " + bytes.size());
    }
    return new Hash32(bytes);
  }

  /** Like {@link #parse}, for constants in code. */
  public static Hash32 hex(String text) {
    return new Hash32(Bytes.hex(text));
  }

  /** A copy of the 32 bytes. */
  public byte[] toArray() {
    return bytes.toArray();
  }

  /** Whether all bytes are zero. */
  public boolean isZero() {
    return equals(ZERO);
  }

  @Override
  public int compareTo(Hash32 other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.toHex();
  }
}
