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
import io.tocsin.detect.Selectors;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds contracts that lost value while the sender's side called back into an unfinished call. */
public final class Reentrancy implements Detector {
  private static final Metadata METADATA =
      new Metadata(
          "reentrancy",
          "Re-entered before it had finished",
          Severity.CRITICAL,
          new Metadata.Story(
              "A contract hands control to the sender's side in the middle of a call in which it"
                  + " moves value, the sender's side calls the same contract again before that call"
                  + " has finished, and in the end the contract, or one that paid under the outer"
                  + " call, has lost value to the sender's side that was not owed; or it makes"
                  + " claims on itself for that side, for nothing, in both calls.",
              "A bank sends a withdrawal before it books it; the receiver's fallback withdraws"
                  + " again, until nothing is left."),
          List.of(
              "Re-entry through a contract that the sender controls but did not enter by or create"
                  + " here is not seen.",
              "Re-entry into a sister contract of the unfinished one is left to shared"
                  + " re-entrancy.",
              "Re-entry that only reads (another contract trusts a half-finished view) is seen"
                  + " where it moves a price, by price dislocation.",
              "A contract that ends with no loss is not reported, so flash lenders that are repaid"
                  + " by a call are not."),
          List.of(
              URI.create("https://swcregistry.io/docs/SWC-107/"),
              URI.create("https://eips.ethereum.org/EIPS/eip-777")));

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
    for (CallFrame frame : facts.trace().frames()) {
      if (!frame.failed()
          && frame.kind() == FrameKind.CALL
          && frame.depth() >= 2
          && !facts.controlled().contains(frame.to())) {
        reentered(facts, frame, found);
      }
    }
    return found.isEmpty() ? new Scan.Clean() : new Scan.Found(List.copyOf(found.values()));
  }

  private static void reentered(TraceFacts facts, CallFrame inner, Map<Address, Finding> found) {
    TxTrace trace = facts.trace();
    int control = -1;
    for (int at = inner.parent(); at >= 0; at = trace.frame(at).parent()) {
      CallFrame above = trace.frame(at);
      if (facts.controlled().contains(above.account())) {
        control = at;
      } else if (control >= 0 && above.kind() == FrameKind.CALL && above.to().equals(inner.to())) {
        Entry entry = new Entry(at, control, inner.index());
        if (moves(facts, entry, inner.to())) {
          victims(facts, entry, inner.to(), found);
          mints(facts, entry, inner.to(), found);
        }
        return;
      }
    }
  }

  /**
   * Whether the re-entered contract moves value in the outer call itself, or state: it has another
   * contract do something there.
   */
  private static boolean moves(TraceFacts facts, Entry entry, Address account) {
    TxTrace trace = facts.trace();
    int end = trace.end(entry.outer());
    int back = trace.end(entry.control());
    for (Flow flow : facts.flows(entry.outer(), end)) {
      boolean inControl = flow.frame() > entry.control() && flow.frame() < back;
      if (!inControl && (flow.from().equals(account) || flow.to().equals(account))) {
        return true;
      }
    }
    for (int at = entry.outer() + 1; at < end; at++) {
      CallFrame frame = trace.frame(at);
      boolean inControl = at >= entry.control() && at < back;
      if (!inControl
          && !frame.failed()
          && frame.kind() == FrameKind.CALL
          && frame.from().equals(account)) {
        return true;
      }
    }
    return false;
  }

  private static void victims(
      TraceFacts facts, Entry entry, Address account, Map<Address, Finding> found) {
    int end = facts.trace().end(entry.outer());
    for (Address loser : facts.losers()) {
      boolean paid =
          facts.paid(loser).stream().anyMatch(f -> f.frame() >= entry.outer() && f.frame() < end);
      boolean pure = facts.gains(loser).isEmpty();
      if (!paid || found.containsKey(loser) || (!pure && !loser.equals(account))) {
        continue;
      }
      List<Loss> losses = new ArrayList<>();
      for (Map.Entry<Asset, BigInteger> lost : facts.losses(loser).entrySet()) {
        Asset asset = lost.getKey();
        boolean owed = !loser.equals(account) && facts.consented(loser, asset);
        if (facts.taken(loser, asset) && !owed && (pure || facts.keeps(asset, lost.getValue()))) {
          double share = facts.share(loser, asset, lost.getValue()).orElse(0);
          losses.add(new Loss(asset, lost.getValue(), share));
        }
      }
      if (!losses.isEmpty()) {
        found.put(loser, finding(facts, loser, losses, entry));
      }
    }
  }

  /**
   * Nobody loses where a contract makes claims on itself for nothing, in the unfinished call and
   * again in the one that it allowed meanwhile.
   */
  private static void mints(
      TraceFacts facts, Entry entry, Address account, Map<Address, Finding> found) {
    if (!facts.given().isEmpty() || found.containsKey(account)) {
      return;
    }
    int end = facts.trace().end(entry.outer());
    int back = facts.trace().end(entry.control());
    Map<Asset, BigInteger> first = new HashMap<>();
    Map<Asset, BigInteger> again = new LinkedHashMap<>();
    for (Flow flow : facts.flows(entry.outer(), end)) {
      boolean inControl = flow.frame() > entry.control() && flow.frame() < back;
      if (flow.from().equals(Address.ZERO)
          && facts.controlled().contains(flow.to())
          && facts.caller(flow.frame()).from().equals(account)
          && facts.caller(flow.frame()).selector() == Selectors.MINT_TO) {
        (inControl ? again : first).merge(flow.asset(), flow.amount(), BigInteger::add);
      }
    }
    again.keySet().retainAll(first.keySet());
    if (!again.isEmpty()) {
      List<Loss> losses =
          again.entrySet().stream().map(e -> new Loss(e.getKey(), e.getValue(), 0)).toList();
      found.put(account, finding(facts, account, losses, entry));
    }
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
                "It lost value, or made claims on itself for nothing, in a call during which the"
                    + " sender's side called back in.",
                List.of()));
  }
}
