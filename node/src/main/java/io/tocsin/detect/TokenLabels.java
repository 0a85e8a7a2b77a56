package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Text;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What tokens call themselves and how many decimals they have, as they answered in the trace or
 * were asked at the parent block. Anybody may call his token anything: it is for reading only.
 */
public final class TokenLabels {
  /** Of a name, this much is shown. */
  private static final int MAX_NAME = 24;

  private static final int MAX_DECIMALS = 36;

  /** So many tokens are asked at most. */
  private static final int MAX_ASKED = 64;

  private static final Bytes SYMBOL = Keccak.hash(Bytes.utf8("symbol()")).bytes().slice(0, 4);
  private static final Bytes DECIMALS = Keccak.hash(Bytes.utf8("decimals()")).bytes().slice(0, 4);

  private final Map<Address, String> symbols = new HashMap<>();
  private final Map<Address, Integer> decimals = new HashMap<>();

  private TokenLabels() {}

  /** From the answers in {@code trace} and in {@code reads}. */
  public static TokenLabels of(TxTrace trace, StateReads reads) {
    TokenLabels labels = new TokenLabels();
    reads
        .values()
        .forEach(
            (query, answer) -> {
              if (query instanceof StateQuery.Call(Address to, Bytes data)) {
                labels.answer(to, data, answer);
              }
            });
    for (CallFrame frame : trace.frames()) {
      if (!frame.failed() && !frame.kind().borrowsCode() && frame.input().size() == 4) {
        labels.answer(frame.to(), frame.input(), frame.output());
      }
    }
    return labels;
  }

  /** What to ask to know the names of the tokens that moved. */
  public static List<StateQuery> queries(TraceFacts facts) {
    List<StateQuery> all = new ArrayList<>();
    facts.flows().stream()
        .map(Flow::asset)
        .distinct()
        .limit(MAX_ASKED)
        .forEach(
            asset -> {
              if (asset instanceof Asset.Token(Address token)) {
                all.add(new StateQuery.Call(token, SYMBOL));
                all.add(new StateQuery.Call(token, DECIMALS));
              }
            });
    return all;
  }

  /** What {@code token} calls itself, made fit to be shown on one line. */
  public Optional<String> symbol(Address token) {
    return Optional.ofNullable(symbols.get(token));
  }

  /** The decimals of {@code token}. */
  public OptionalInt decimals(Address token) {
    Integer known = decimals.get(token);
    return known == null ? OptionalInt.empty() : OptionalInt.of(known);
  }

  private void answer(Address token, Bytes question, Bytes answer) {
    if (question.equals(DECIMALS) && answer.size() == 32) {
      BigInteger number = Words.returned(answer, 0);
      if (number.bitLength() < 31 && number.intValue() <= MAX_DECIMALS) {
        decimals.putIfAbsent(token, number.intValue());
      }
    } else if (question.equals(SYMBOL)) {
      text(answer).ifPresent(name -> symbols.putIfAbsent(token, name));
    }
  }

  /** A string as contracts return it, or the older 32 bytes that end with zeros. */
  private static Optional<String> text(Bytes answer) {
    Bytes raw = Bytes.EMPTY;
    if (answer.size() == 32) {
      raw = answer;
    } else if (answer.size() >= 64) {
      BigInteger length = Words.returned(answer, 1);
      if (length.bitLength() < 31 && length.intValue() <= answer.size() - 64) {
        raw = answer.slice(64, 64 + Math.min(length.intValue(), 4 * MAX_NAME));
      }
    }
    String name = raw.toUtf8().replace("\0", "").strip();
    if (name.codePointCount(0, name.length()) > MAX_NAME) {
      name = name.substring(0, name.offsetByCodePoints(0, MAX_NAME)) + "…";
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(Text.printable(name));
  }
}
