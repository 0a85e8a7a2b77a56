package io.tocsin.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable sequence of bytes, compared by content and written as {@code 0x}-prefixed hex. */
public final class Bytes implements Comparable<Bytes> {
  /** No bytes at all. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** The bytes of a copy of {@code content}. */
  public static Bytes of(byte... content) {
    return content.length == 0 ? EMPTY : new Bytes(content.clone());
  }

  /** The UTF-8 bytes of {@code text}. */
  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads {@code 0x}-prefixed hex with an even number of digits, in either case.
   *
   * @throws MalformedException if {@code text} is anything else
   */
  public static Bytes parse(String text) throws MalformedException {
    if (!text.startsWith("0x")) {
      throw new MalformedException("expected 0x-prefixed hex, found " + Text.excerpt(text));
    }
    try {
      return new Bytes(HEX.parseHex(text, 2, text.length()));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not hex: " + Text.excerpt(text), e);
    }
  }

  /** Like {@link #parse}, for constants in code: a fault is a programming error. */
  public static Bytes hex(String text) {
    try {
      return parse(text);
    } catch (MalformedException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Number of bytes. */
  public int size() {
    return content.length;
  }

  /** Whether there are no bytes. */
  public boolean isEmpty() {
    return content.length == 0;
  }

  /** The byte at {@code index}, from 0 to 255. */
  public int at(int index) {
    return content[index] & 0xff;
  }

  /** The bytes from {@code from} (inclusive) to {@code to} (exclusive). */
  public Bytes slice(int from, int to) {
    if (from < 0 || to < from || to > content.length) {
      throw new IndexOutOfBoundsException(from + ".." + to + " of " + content.length);
    }
    return new Bytes(Arrays.copyOfRange(content, from, to));
  }

  /** Whether the bytes begin with all of {@code prefix}. */
  public boolean startsWith(Bytes prefix) {
    return size() >= prefix.size()
        && Arrays.equals(content, 0, prefix.size(), prefix.content, 0, prefix.size());
  }

  /** These bytes followed by {@code next}. */
  public Bytes concat(Bytes next) {
    byte[] joined = Arrays.copyOf(content, content.length + next.content.length);
    System.arraycopy(next.content, 0, joined, content.length, next.content.length);
    return new Bytes(joined);
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return content.clone();
  }

  /** The bytes decoded as UTF-8, malformed sequences replaced. */
  public String toUtf8() {
    return new String(content, StandardCharsets.UTF_8);
  }

  /** {@code 0x} and two lower-case digits a byte. */
  public String toHex() {
    return "0x" + HEX.formatHex(content);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(content, other.content);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Bytes b && Arrays.equals(content, b.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
