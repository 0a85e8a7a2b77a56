package io.tocsin.adapter.files;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.crypto.Keccak;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How files write a contract call: the function with the value behind each type, such as {@code
 * pause()} or {@code setReservePause(address 0x…, bool true)}, or the call data in hex.
 */
final class CallText {
  private static final Pattern FORM = Pattern.compile("([A-Za-z_$][\\w$]*)\\((.*)\\)");
  private static final Pattern NUMBER = Pattern.compile("(u?)int(\\d{0,3})");
  private static final Pattern FIXED = Pattern.compile("bytes(\\d{1,2})");

  private CallText() {}

  /**
   * The call data.
   *
   * @throws MalformedException saying how to write it
   */
  static Bytes parse(String text) throws MalformedException {
    if (text.startsWith("0x")) {
      Bytes data = Bytes.parse(text);
      if (data.size() < 4) {
        throw new MalformedException("call data starts with a selector of four bytes");
      }
      return data;
    }
    Matcher match = FORM.matcher(text.strip());
    if (!match.matches()) {
      throw new MalformedException(
          "expected a call such as pause(), setPaused(bool true) or 0x8456cb59, found "
              + Text.excerpt(text));
    }
    List<String> types = new ArrayList<>();
    Bytes words = Bytes.EMPTY;
    if (!match.group(2).isBlank()) {
      for (String argument : match.group(2).split(",", -1)) {
        String[] parts = argument.strip().split("\\s+", -1);
        if (parts.length != 2) {
          throw new MalformedException(
              "expected a type and a value, such as bool true, found " + Text.excerpt(argument));
        }
        String type = parts[0].equals("uint") ? "uint256" : parts[0];
        types.add(type.equals("int") ? "int256" : type);
        words = words.concat(word(parts[0], parts[1]));
      }
    }
    String signature = match.group(1) + "(" + String.join(",", types) + ")";
    return Keccak.hashUtf8(signature).bytes().slice(0, 4).concat(words);
  }

  private static Bytes word(String type, String value) throws MalformedException {
    Matcher number = NUMBER.matcher(type);
    Matcher fixed = FIXED.matcher(type);
    if (type.equals("address")) {
      return Address.parse(value).toWord().bytes();
    }
    if (type.equals("bool")) {
      return number(BigInteger.valueOf(Parsers.flag(value) ? 1 : 0));
    }
    if (number.matches()) {
      int bits = number.group(2).isEmpty() ? 256 : Integer.parseInt(number.group(2));
      return integer(value, bits, number.group(1).isEmpty());
    }
    if (fixed.matches()) {
      int size = Integer.parseInt(fixed.group(1));
      Bytes bytes = Bytes.parse(value);
      if (size < 1 || size > 32 || bytes.size() != size) {
        throw new MalformedException("expected " + size + " bytes for " + type);
      }
      return bytes.concat(Bytes.of(new byte[32 - size]));
    }
    throw new MalformedException(
        "the type " + Text.excerpt(type) + " is not known here; write the call data in hex");
  }

  private static Bytes integer(String value, int bits, boolean signed) throws MalformedException {
    BigInteger number;
    try {
      number = Parsers.integer(value);
    } catch (NumberFormatException e) {
      throw new MalformedException("expected a whole number, found " + Text.excerpt(value), e);
    }
    int room = signed ? bits - 1 : bits;
    if (bits < 8 || bits > 256 || number.bitLength() > room || (!signed && number.signum() < 0)) {
      throw new MalformedException(value + " does not fit into " + bits + " bits");
    }
    return number(number.mod(BigInteger.TWO.pow(256)));
  }

  private static Bytes number(BigInteger value) {
    return wordOf(value).bytes();
  }

  /** The word with this unsigned number. */
  static Hash32 wordOf(BigInteger value) {
    byte[] word = new byte[32];
    byte[] digits = value.toByteArray();
    int skip = Math.max(digits.length - 32, 0);
    System.arraycopy(digits, skip, word, 32 - (digits.length - skip), digits.length - skip);
    return Hash32.of(word);
  }
}
