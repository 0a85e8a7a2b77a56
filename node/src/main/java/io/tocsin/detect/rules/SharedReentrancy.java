package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Evidence;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Flow;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds contracts that had paid but not yet booked it, when a sister that shares their books acted.
 */
public final class SharedReentrancy implements Detector {
  /** So many calls into the sender's side are looked at. */
  private static final int MAX_CALLS = 64;

  private static final Metadata METADATA =
      new Metadata(
          "shared-reentrancy",
          "Sister contract entered before the books were closed",
          Severity.CRITICAL,
          new Metadata.Story(
              "A contract pays the sender's side and, before its call has ended, control reaches"
                  + " that side; from there it calls another contract that changes the state of one"
                  + " that the first had changed in the unfinished call, too; and the first ends"
                  + " with a loss that the sender's side keeps. What was booked for it meanwhile"
                  + " does not count.",
              "Two markets of a lender ask one controller what a borrower owes. The first sends a"
                  + " token that calls its receiver, before it books the loan; the receiver borrows"
                  + " at the second, where the first loan is not yet known."),
          List.of(
              "Sisters that only read what they share are not seen, nor is what happens after "
                  + MAX_CALLS
                  + " calls into the sender's side.",
              "Who is paid back in the end, as flash lenders are, is not reported.",
              "A contract that the sender controls but did not enter by or create here is not"
                  + " recognised as the sender's."),
          List.of(
              URI.create("https://swcregistry.io/docs/SWC-107/"),
              URI.create("https://eips.ethereum.org/EIPS/eip-777")));

  /** The unfinished call, the one that handed control over, and the one that used it. */
  private record Entry(int outer, int control, int inner) {}

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
    if (facts.gains().isEmpty()) {
      return new Scan.Clean();
    }
    Map<Address, Finding> found = new LinkedHashMap<>();
    int calls = 0;
    for (CallFrame frame : facts.trace().frames()) {
      if (calls < MAX_CALLS
          && !frame.failed()
          && facts.controlled().contains(frame.account())
          && frame.depth() >= 2
          && !facts.controlled().contains(frame.from())
          && facts.trace().end(frame.index()) > frame.index() + 1) {
        handed(facts, frame.index(), found);
        calls++;
      }
    }
    return found.isEmpty() ? new Scan.Clean() : new Scan.Found(List.copyOf(found.values()));
  }

  private static void handed(TraceFacts facts, int control, Map<Address, Finding> found) {
    TxTrace trace = facts.trace();
    int outer = facts.operation(trace.frame(control).parent());
    int back = trace.end(control);
    Set<Address> payers = new HashSet<>();
    for (Flow flow : facts.flows(outer, control)) {
      if (facts.controlled().contains(flow.to()) && facts.losers().contains(flow.from())) {
        payers.add(flow.from());
      }
    }
    for (Address payer : payers) {
      if (found.containsKey(payer) || !facts.gains(payer).isEmpty()) {
        continue;
      }
      Set<Address> books = new HashSet<>();
      changed(trace, outer, control, payer, books);
      changed(trace, back, trace.end(outer), payer, books);
      books.removeAll(facts.tokens());
      books.removeAll(facts.controlled());
      for (int at = control + 1; at < back && !books.isEmpty(); at++) {
        CallFrame frame = trace.frame(at);
        if (changes(frame) && books.contains(frame.to()) && !frame.from().equals(payer)) {
          List<Loss> losses = losses(facts, payer);
          if (!losses.isEmpty()) {
            found.put(payer, finding(facts, payer, losses, new Entry(outer, control, at)));
          }
          break;
        }
      }
    }
  }

  /** Adds whom {@code payer} had do something in the frames from {@code start} to {@code end}. */
  private static void changed(
      TxTrace trace, int start, int end, Address payer, Set<Address> books) {
    for (int at = start; at < end; at++) {
      CallFrame frame = trace.frame(at);
      if (changes(frame) && frame.from().equals(payer)) {
        books.add(frame.to());
      }
    }
  }

  private static boolean changes(CallFrame frame) {
    return frame.kind() == FrameKind.CALL && !frame.failed() && !frame.input().isEmpty();
  }

  private static List<Loss> losses(TraceFacts facts, Address account) {
    List<Loss> losses = new ArrayList<>();
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(account).entrySet()) {
      Asset asset = lost.getKey();
      if (facts.taken(account, asset) && facts.keeps(asset, lost.getValue())) {
        double share = facts.share(account, asset, lost.getValue()).orElse(0);
        losses.add(new Loss(asset, lost.getValue(), share));
      }
    }
    return losses;
  }

  private static Finding finding(
      TraceFacts facts, Address account, List<Loss> losses, Entry entry) {
    return new Finding(
        List.of(METADATA.id()),
        Severity.CRITICAL,
        account,
        losses,
        Evidence.of(facts, account, losses)
            .and(entry.outer())
            .and(entry.control())
            .and(entry.inner())
            .explain(
                "It paid the sender's side, which, before the payment was booked, acted on a"
                    + " contract that shares its books.",
                List.of("the contract that both changed keeps books for both")));
  }
}
