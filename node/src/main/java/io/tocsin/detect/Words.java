package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import java.math.BigInteger;

/** ABI words of call data and return data. */
final class Words {
  private Words() {}

  /** Whether the argument with this number is all there, behind a selector. */
  static boolean hasArgument(Bytes input, int number) {
    return input.size() >= 4 + 32 * (number + 1);
  }

  static Address address(Bytes input, int number) {
    int at = 4 + 32 * number;
    return new Address(input.slice(at + 12, at + 32));
  }

  static BigInteger argument(Bytes input, int number) {
    int at = 4 + 32 * number;
    return new BigInteger(1, input.slice(at, at + 32).toArray());
  }

  /** Whether {@code account} is one of the argument words. */
  static boolean mentions(Bytes input, Address account) {
    Bytes word = account.toWord().bytes();
    for (int at = 4; at + 32 <= input.size(); at += 32) {
      if (input.slice(at, at + 32).equals(word)) {
        return true;
      }
    }
    return false;
  }

  /** The returned word with this number. */
  static BigInteger returned(Bytes output, int number) {
    return new BigInteger(1, output.slice(32 * number, 32 * number + 32).toArray());
  }

  /** Whether a token's answer means success: nothing, or anything but zero. */
  static boolean accepted(Bytes output) {
    if (output.isEmpty()) {
      return true;
    }
    return output.size() >= 32 && returned(output, 0).signum() != 0;
  }
}
