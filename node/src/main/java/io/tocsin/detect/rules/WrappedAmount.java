package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Explanation;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds amounts chosen so that their sum or product overflows to next to nothing. */
public final class WrappedAmount implements Detector {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

  /** An amount is absurd from here on, and up to as much below the modulus: those are negatives. */
  private static final BigInteger ABSURD = BigInteger.ONE.shiftLeft(200);

  /** What remains of a sum or product that overflowed on purpose. */
  private static final BigInteger SMALL = BigInteger.ONE.shiftLeft(128);

  /** So many words of call data are read as amounts, or as offsets of lists. */
  private static final int WORDS = 12;

  private static final int MAX_LIST = 10_000;

  private static final Metadata METADATA =
      new Metadata(
          "wrapped-amount",
          "Amounts that overflow to nothing",
          Severity.CRITICAL,
          new Metadata.Story(
              "A contract that calls no other one to move anything accepts a call with an amount"
                  + " near the greatest number there is, which times the number of receivers, or"
                  + " with a second such amount added, comes to next to nothing when the excess"
                  + " over 256 bits is dropped. What the sender pays is checked against the"
                  + " remainder, what the receivers get is the amount.",
              "A token's batch transfer multiplies the amount by the number of receivers before it"
                  + " compares it with the sender's balance. With half of 2^256 and two receivers"
                  + " the product is zero, and each gets more than there ever was."),
          List.of(
              "Overflow of numbers shorter than 256 bits, or of what is computed from state, is not"
                  + " seen.",
              "A contract that checks for overflow by other means than failing is accused"
                  + " wrongly."),
          List.of(URI.create("https://swcregistry.io/docs/SWC-101/")));

  @Override
  public Metadata metadata() {
    return METADATA;
  }

  @Override
  public boolean needsState() {
    return false;
  }

  @Override
  public Scan scan(TraceFacts facts) {
    Map<Address, Finding> found = new LinkedHashMap<>();
    for (CallFrame frame : facts.trace().frames()) {
      if (frame.kind() == FrameKind.CALL
          && !frame.failed()
          && frame.input().size() >= 4 + 2 * 32
          && !found.containsKey(frame.to())) {
        wrapped(frame)
            .filter(_ -> alone(facts, frame))
            .ifPresent(amount -> found.put(frame.to(), finding(frame, amount)));
      }
    }
    return found.isEmpty() ? new Scan.Clean() : new Scan.Found(List.copyOf(found.values()));
  }

  /** The absurd amount in the arguments of {@code frame}, if it was made to overflow. */
  private static Optional<BigInteger> wrapped(CallFrame frame) {
    Bytes input = frame.input();
    int words = Math.min(WORDS, (input.size() - 4) / 32);
    List<BigInteger> absurd = new ArrayList<>();
    List<Integer> lists = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      BigInteger word = word(input, 4 + 32 * i);
      if (word.compareTo(ABSURD) > 0 && word.compareTo(MODULUS.subtract(ABSURD)) < 0) {
        absurd.add(word);
      } else if (word.bitLength() < 24) {
        addresses(input, word.intValue()).ifPresent(lists::add);
      }
    }
    for (int i = 0; i < absurd.size(); i++) {
      BigInteger amount = absurd.get(i);
      for (int count : lists) {
        if (rest(amount.multiply(BigInteger.valueOf(count)))) {
          return Optional.of(amount);
        }
      }
      for (BigInteger other : absurd.subList(i + 1, absurd.size())) {
        if (rest(amount.add(other))) {
          return Optional.of(amount.max(other));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean rest(BigInteger sum) {
    return sum.compareTo(MODULUS) >= 0 && sum.mod(MODULUS).compareTo(SMALL) < 0;
  }

  /** How many accounts the list at {@code offset} of the arguments names, two at least. */
  private static Optional<Integer> addresses(Bytes input, int offset) {
    int at = 4 + offset;
    if (offset % 32 != 0 || offset == 0 || at + 32 > input.size()) {
      return Optional.empty();
    }
    BigInteger length = word(input, at);
    if (length.bitLength() > 16 || length.intValue() < 2 || length.intValue() > MAX_LIST) {
      return Optional.empty();
    }
    int count = length.intValue();
    if (at + 32 * (count + 1) > input.size()) {
      return Optional.empty();
    }
    for (int i = 1; i <= count; i++) {
      if (word(input, at + 32 * i).bitLength() > 160) {
        return Optional.empty();
      }
    }
    return Optional.of(count);
  }

  private static BigInteger word(Bytes input, int at) {
    return new BigInteger(1, input.slice(at, at + 32).toArray());
  }

  /** Whether {@code frame} keeps its own books: only built-in contracts do something under it. */
  private static boolean alone(TraceFacts facts, CallFrame frame) {
    int end = facts.trace().end(frame.index());
    for (int at = frame.index() + 1; at < end; at++) {
      CallFrame below = facts.trace().frame(at);
      boolean built = below.to().bytes().slice(0, 18).equals(Address.ZERO.bytes().slice(0, 18));
      if ((below.kind() == FrameKind.CALL && !built) || below.kind().creates()) {
        return false;
      }
    }
    return true;
  }

  private static Finding finding(CallFrame frame, BigInteger amount) {
    return new Finding(
        List.of(METADATA.id()),
        Severity.CRITICAL,
        frame.to(),
        List.of(new Loss(new Asset.Token(frame.to()), amount, 0)),
        new Explanation(
            "It accepted an amount that overflows to next to nothing.",
            List.of(frame.index()),
            List.of(),
            List.of("the contract books the amount and checks what remains of it")));
  }
}
