package io.tocsin.crypto;

import com.esaulpaugh.headlong.rlp.RLPDecoder;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import com.esaulpaugh.headlong.rlp.RLPItem;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/**
 * Canonical RLP of our own messages: one list whose fields are byte strings or lists, numbers being
 * big-endian without leading zeros.
 *
 * @see <a href="https://ethereum.org/en/developers/docs/data-structures-and-encoding/rlp/">RLP</a>
 */
public final class Rlp {
  private Rlp() {}

  /**
   * Encodes a list of {@link Bytes}, {@link Hash32}, {@link Address}, {@link Long} (not negative),
   * {@link String} (as UTF-8) and lists of these.
   */
  public static Bytes encode(List<?> fields) {
    return Bytes.of(RLPEncoder.list(fields.stream().map(Rlp::raw).toList()));
  }

  private static Object raw(Object field) {
    return switch (field) {
      case Bytes b -> b.toArray();
      case Hash32 h -> h.toArray();
      case Address a -> a.toArray();
      case Long n -> unsigned(n);
      case String s -> s.getBytes(StandardCharsets.UTF_8);
      case List<?> l -> l.stream().map(Rlp::raw).toList();
      default -> throw new IllegalArgumentException("no RLP for " + field.getClass());
    };
  }

  private static byte[] unsigned(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("RLP has no negative numbers: " + value);
    }
    int length = (Long.SIZE - Long.numberOfLeadingZeros(value) + 7) / 8;
    byte[] digits = new byte[length];
    for (int i = 0; i < length; i++) {
      digits[length - 1 - i] = (byte) (value >>> (8 * i));
    }
    return digits;
  }

  /**
   * Begins to read one list, the whole of {@code wire}.
   *
   * @param what what is read, for the messages
   * @throws MalformedException if {@code wire} is not one canonical list
   */
  public static Reader read(Bytes wire, String what) throws MalformedException {
    try {
      byte[] content = wire.toArray();
      RLPItem item = RLPDecoder.RLP_STRICT.wrap(content);
      if (!item.isList() || item.endIndex != content.length) {
        throw new MalformedException(what + ": expected one RLP list");
      }
      return new Reader(item, what);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new MalformedException(what + ": not canonical RLP", e);
    }
  }

  /** Reads the fields of one list in order. Owned by one thread. */
  public static final class Reader {
    private final Iterator<RLPItem> items;
    private final String what;

    private Reader(RLPItem list, String what) {
      this.items = list.asRLPList().elements().iterator();
      this.what = what;
    }

    /** A fault in {@code field}. */
    public MalformedException fault(String field, String why) {
      return new MalformedException(what + ": " + field + ": " + why);
    }

    /** Whether fields are left. */
    public boolean more() {
      return items.hasNext();
    }

    private RLPItem next(String field, boolean list) throws MalformedException {
      if (!items.hasNext()) {
        throw fault(field, "missing");
      }
      RLPItem item = items.next();
      if (item.isList() != list) {
        throw fault(field, list ? "expected a list" : "expected bytes");
      }
      return item;
    }

    /**
     * The next field as bytes.
     *
     * @throws MalformedException if there is none, or a list
     */
    public Bytes bytes(String field) throws MalformedException {
      return Bytes.of(next(field, false).data());
    }

    /**
     * The next field as exactly {@code size} bytes.
     *
     * @throws MalformedException if it is anything else
     */
    public Bytes bytes(String field, int size) throws MalformedException {
      Bytes content = bytes(field);
      if (content.size() != size) {
        throw fault(field, "expected " + size + " bytes, found " + content.size());
      }
      return content;
    }

    /**
     * The next field as a hash.
     *
     * @throws MalformedException if it is anything else
     */
    public Hash32 hash(String field) throws MalformedException {
      return new Hash32(bytes(field, 32));
    }

    /**
     * The next field as an address.
     *
     * @throws MalformedException if it is anything else
     */
    public Address address(String field) throws MalformedException {
      return new Address(bytes(field, 20));
    }

    /**
     * The next field as a number of at most 63 bits.
     *
     * @throws MalformedException if it is anything else, or has leading zeros
     */
    public long number(String field) throws MalformedException {
      Bytes digits = bytes(field);
      if (digits.size() > 8
          || (!digits.isEmpty() && digits.at(0) == 0)
          || (digits.size() == 8 && digits.at(0) > 0x7f)) {
        throw fault(field, "not a canonical number of at most 63 bits");
      }
      long value = 0;
      for (int i = 0; i < digits.size(); i++) {
        value = value << 8 | digits.at(i);
      }
      return value;
    }

    /**
     * The next field as UTF-8 text of at most {@code maxBytes}.
     *
     * @throws MalformedException if it is anything else
     */
    public String text(String field, int maxBytes) throws MalformedException {
      Bytes content = bytes(field);
      if (content.size() > maxBytes) {
        throw fault(field, "longer than " + maxBytes + " bytes");
      }
      try {
        CharBuffer text =
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content.toArray()));
        return text.toString();
      } catch (CharacterCodingException e) {
        throw fault(field, "not UTF-8");
      }
    }

    /**
     * The next field as a list.
     *
     * @throws MalformedException if it is anything else
     */
    public Reader list(String field) throws MalformedException {
      try {
        return new Reader(next(field, true), what + "." + field);
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new MalformedException(what + ": " + field + ": not canonical RLP", e);
      }
    }

    /**
     * Ends the list.
     *
     * @throws MalformedException if fields are left
     */
    public void end() throws MalformedException {
      if (items.hasNext()) {
        throw new MalformedException(what + ": more fields than expected");
      }
    }
  }
}
