package io.tocsin.base;

/** A 20-byte EVM address, written in lower case. */
public record Address(Bytes bytes) implements Comparable<Address> {
  /** The zero address: mint source, burn target, "no such account". */
  public static final Address ZERO = new Address(Bytes.of(new byte[20]));

  public Address {
    if (bytes.size() != 20) {
      throw new IllegalArgumentException("an address has 20 bytes, not " + bytes.size());
    }
  }

  /** The address whose bytes are {@code content}. */
  public static Address of(byte[] content) {
    return new Address(Bytes.of(content));
  }

  /**
   * Reads 40 hex digits behind {@code 0x}, in any case; an EIP-55 checksum is not required.
   *
   * @throws MalformedException if {@code text} is anything else
   */
  public static Address parse(String text) throws MalformedException {
    Bytes bytes = Bytes.parse(text);
    if (bytes.size() != 20) {
      throw new MalformedException(
          "expected an address of 20 bytes, found " + bytes.size() + " in " + Text.excerpt(text));
    }
    return new Address(bytes);
  }

  /** Like {@link #parse}, for constants in code. */
  public static Address hex(String text) {
    return new Address(Bytes.hex(text));
  }

  /** The address in the last 20 bytes of an ABI word. */
  public static Address fromWord(Hash32 word) {
    return new Address(word.bytes().slice(12, 32));
  }

  /** The ABI word with this address in its last 20 bytes. */
  public Hash32 toWord() {
    byte[] word = new byte[32];
    System.arraycopy(bytes.toArray(), 0, word, 12, 20);
    return Hash32.of(word);
  }

  /** A copy of the 20 bytes. */
  public byte[] toArray() {
    return bytes.toArray();
  }

  @Override
  public int compareTo(Address other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.toHex();
  }
}
