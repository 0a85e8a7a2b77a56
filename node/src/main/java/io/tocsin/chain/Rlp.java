package io.tocsin.chain;

import com.esaulpaugh.headlong.rlp.RLPDecoder;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import com.esaulpaugh.headlong.rlp.RLPItem;
import com.esaulpaugh.headlong.rlp.RLPList;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Recursive length prefix encoding; an item is a {@code byte[]} or a {@code List} of items. */
final class Rlp {
  private static final int DEPTH = 8;

  private Rlp() {}

  static byte[] number(long value) {
    return number(BigInteger.valueOf(value));
  }

  /** Big-endian without leading zeros; zero is empty. */
  static byte[] number(BigInteger value) {
    if (value.signum() == 0) {
      return new byte[0];
    }
    byte[] bytes = value.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  static byte[] to(Optional<Address> address) {
    return address.map(Address::toArray).orElse(new byte[0]);
  }

  static Bytes list(List<?> items) {
    return Bytes.of(RLPEncoder.list(headlong(items)));
  }

  static Bytes string(byte[] content) {
    return Bytes.of(RLPEncoder.string(content));
  }

  /** The content of the one string that {@code encoded} is, canonical form only. */
  static byte[] parseString(Bytes encoded) throws MalformedException {
    try {
      byte[] content = encoded.toArray();
      RLPItem item = RLPDecoder.RLP_STRICT.wrap(content);
      if (item.isList() || item.endIndex != content.length) {
        throw new MalformedException("expected one RLP string");
      }
      return item.asBytes();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new MalformedException("not RLP: " + e.getMessage(), e);
    }
  }

  private static List<Object> headlong(List<?> items) {
    List<Object> out = new ArrayList<>();
    for (Object item : items) {
      out.add(item instanceof List<?> inner ? headlong(inner) : item);
    }
    return out;
  }

  /** The items of the one list that {@code encoded} is, canonical form only. */
  static List<Object> parseList(Bytes encoded) throws MalformedException {
    try {
      byte[] content = encoded.toArray();
      RLPItem item = RLPDecoder.RLP_STRICT.wrap(content);
      if (!item.isList() || item.endIndex != content.length) {
        throw new MalformedException("expected one RLP list");
      }
      return items(item.asRLPList(), 0);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new MalformedException("not RLP: " + e.getMessage(), e);
    }
  }

  private static List<Object> items(RLPList list, int depth) throws MalformedException {
    if (depth > DEPTH) {
      throw new MalformedException("lists nested deeper than " + DEPTH);
    }
    List<Object> out = new ArrayList<>();
    for (RLPItem item : list.elements()) {
      out.add(item.isList() ? items(item.asRLPList(), depth + 1) : item.asBytes());
    }
    return out;
  }

  static byte[] bytes(Object item, String field) throws MalformedException {
    if (item instanceof byte[] content) {
      return content;
    }
    throw new MalformedException(field + ": expected bytes, found a list");
  }

  static BigInteger number(Object item, String field, int maxBytes) throws MalformedException {
    byte[] content = bytes(item, field);
    if (content.length > maxBytes || (content.length > 0 && content[0] == 0)) {
      throw new MalformedException(field + ": not a canonical number of " + maxBytes + " bytes");
    }
    return new BigInteger(1, content);
  }
}
