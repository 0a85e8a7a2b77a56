package io.tocsin.detect.explain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Text;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.detect.FunctionNames;
import io.tocsin.detect.Selectors;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A call as people read it: the function's name with its first plain arguments, and the answer. */
public final class CallText {
  /** So many arguments are shown. */
  private static final int MAX_ARGUMENTS = 4;

  /** A word of more bits than this, and of at most 160, is taken for an address. */
  private static final int LARGEST_AMOUNT = 140;

  private static final Bytes REVERT = Bytes.hex("0x08c379a0");
  private static final int MAX_REASON = 256;
  private static final BigInteger LARGEST = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

  private CallText() {}

  /** What is called: a name with arguments, a selector, or what else the frame does. */
  public static String of(CallFrame frame, Names names) {
    if (frame.kind().creates()) {
      return "makes a contract";
    }
    int selector = frame.selector();
    if (frame.input().isEmpty()) {
      return "plain payment";
    }
    if (frame.input().size() < 4) {
      return frame.input().toHex();
    }
    return FunctionNames.of(selector)
        .map(signature -> named(signature, frame.input(), names))
        .orElse(frame.input().slice(0, 4).toHex() + "(…)");
  }

  private static String named(String signature, Bytes input, Names names) {
    int open = signature.indexOf('(');
    String types = signature.substring(open + 1, signature.length() - 1);
    List<String> shown = new ArrayList<>();
    String[] all = types.isEmpty() ? new String[0] : types.split(",", -1);
    int place = 4;
    boolean plain = !types.contains("(") && !types.matches(".*\\[\\d+\\].*");
    while (plain
        && shown.size() < Math.min(MAX_ARGUMENTS, all.length)
        && input.size() >= place + 32) {
      Optional<String> argument =
          argument(all[shown.size()], input.slice(place, place + 32), names);
      if (argument.isEmpty()) {
        break;
      }
      shown.add(argument.get());
      place += 32;
    }
    String rest = shown.size() < all.length ? (shown.isEmpty() ? "…" : ", …") : "";
    return signature.substring(0, open) + "(" + String.join(", ", shown) + rest + ")";
  }

  private static Optional<String> argument(String type, Bytes word, Names names) {
    if (type.equals("address")) {
      return Optional.of(names.of(new Address(word.slice(12, 32))));
    }
    if (type.startsWith("uint")) {
      return Optional.of(number(new BigInteger(1, word.toArray())));
    }
    if (type.startsWith("int")) {
      return Optional.of(number(new BigInteger(word.toArray())));
    }
    return type.equals("bool")
        ? Optional.of(word.at(31) == 0 ? "false" : "true")
        : Optional.empty();
  }

  /** A whole number, grouped; the largest that there is by its name. */
  static String number(BigInteger value) {
    if (value.equals(LARGEST)) {
      return "2^256 − 1";
    }
    return value.toString().replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",");
  }

  /** The answer of a call that returns one word, such as a balance or a price. */
  public static Optional<String> answer(CallFrame frame, Names names) {
    boolean asks = frame.selector() == Selectors.BALANCE_OF || frame.kind() == FrameKind.STATICCALL;
    if (!asks || frame.failed() || frame.output().size() != 32) {
      return Optional.empty();
    }
    BigInteger word = new BigInteger(1, frame.output().toArray());
    boolean account = word.bitLength() > LARGEST_AMOUNT && word.bitLength() <= 160;
    return Optional.of(
        account ? names.of(new Address(frame.output().slice(12, 32))) : number(word));
  }

  /** Why a frame failed: the node's word and the contract's own, made fit to be shown. */
  public static String failure(CallFrame frame) {
    if (frame.error().isEmpty()) {
      return "undone with the call above";
    }
    Bytes out = frame.output();
    String reason = "";
    if (out.startsWith(REVERT) && out.size() >= 68) {
      BigInteger length = new BigInteger(1, out.slice(36, 68).toArray());
      int room = Math.min(out.size() - 68, MAX_REASON);
      int size = length.bitLength() < 31 ? Math.min(length.intValue(), room) : room;
      reason =
          ": "
              + Text.excerpt(
                  new String(out.slice(68, 68 + size).toArray(), StandardCharsets.UTF_8));
    }
    String error = frame.error().get();
    return Text.printable(error.length() > 80 ? error.substring(0, 80) + "…" : error) + reason;
  }
}
