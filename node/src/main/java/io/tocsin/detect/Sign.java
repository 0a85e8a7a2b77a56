package io.tocsin.detect;

import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One of the independent signs that what was found in a transaction is an attack. */
public enum Sign {
  /** A detector found the pattern of an attack, not only a loss. */
  PATTERN,
  /** Two or more detectors name the same victim. */
  AGREEMENT,
  /** A victim is known to have lost half or more of what it held. */
  MOST,
  /** There are three victims or more. */
  VICTIMS,
  /** A victim was made to pay: by foreign code, again and again, or though it took no part. */
  FORCED,
  /** The sender's side used funds lent for the transaction. */
  LOAN,
  /** The sender's side made a contract in the transaction. */
  CONTRACT,
  /** The price of a pool or of a share moved by the factor that counts. */
  PRICE,
  /**
   * A contract of the sender's side posed as something else: others called it, and it did nothing
   * or only answered, as a token, a pool or a store would.
   */
  POSED;

  private static final int SEVERAL = 3;
  private static final double HALF = 0.5;

  /** The signs that {@code findings} and the transaction show; none without a finding. */
  static Set<Sign> of(TraceFacts facts, Collection<Finding> findings) {
    Set<Sign> all = EnumSet.noneOf(Sign.class);
    if (findings.isEmpty()) {
      return all;
    }
    for (Finding finding : findings) {
      List<String> by = finding.detectors();
      add(all, PATTERN, !finding.losses().isEmpty() && !by.equals(List.of("value-conservation")));
      add(all, AGREEMENT, by.size() > 1);
      for (Loss loss : finding.losses()) {
        Optional<String> symptom = facts.forced(finding.subject(), loss.asset());
        add(all, MOST, loss.shareOfBalance() >= HALF);
        add(all, FORCED, symptom.isPresent());
      }
    }
    add(all, VICTIMS, findings.size() >= SEVERAL);
    add(all, LOAN, facts.borrowed());
    add(all, CONTRACT, facts.makesContract());
    add(all, PRICE, facts.priceMoved());
    add(all, POSED, facts.trace().frames().stream().anyMatch(f -> posed(facts, f)));
    return all;
  }

  private static boolean posed(TraceFacts facts, CallFrame frame) {
    return !frame.failed()
        && !frame.kind().creates()
        && !frame.kind().borrowsCode()
        && frame.depth() > 0
        && frame.input().size() >= 4
        && facts.controlled().contains(frame.to())
        && !facts.controlled().contains(frame.from())
        && !frame.to().equals(facts.trace().sender())
        && !Selectors.ANSWERS.contains(frame.selector())
        && frame.children().stream()
            .map(facts.trace()::frame)
            .allMatch(c -> c.kind().borrowsCode() || c.kind() == FrameKind.STATICCALL);
  }

  private static void add(Set<Sign> all, Sign sign, boolean shown) {
    if (shown) {
      all.add(sign);
    }
  }
}
