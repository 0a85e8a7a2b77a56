package io.tocsin.detect.evaluate;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Flow;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.TraceFacts;
import java.util.List;
import java.util.Optional;

/**
 * Says, from the facts that all detectors share, why nothing was found in a transaction: at which
 * of the steps from "value moves" to "somebody lost it for nothing" the trail ended.
 */
public final class Remark {
  private Remark() {}

  /** Why; empty where something was found. */
  public static String of(Optional<TraceFacts> facts, ScanReport report) {
    return switch (report.scan()) {
      case Scan.Found _ -> "";
      case Scan.NotAnalysed(String reason) -> "not analysed: " + reason;
      case Scan.Clean _ -> facts.map(Remark::clean).orElse("the transaction failed as a whole");
    };
  }

  private static String clean(TraceFacts facts) {
    if (facts.flows().isEmpty()) {
      return "no value is seen to move";
    }
    if (facts.gains().isEmpty()) {
      return nothingGained(facts);
    }
    List<Address> losers = facts.losers();
    if (losers.isEmpty()) {
      return "nobody outside the sender's side is seen to lose anything";
    }
    List<Address> empty = losers.stream().filter(a -> facts.gains(a).isEmpty()).toList();
    if (empty.isEmpty()) {
      return "everybody who lost something also got something: it looks like an exchange";
    }
    if (empty.stream().allMatch(a -> settled(facts, a))) {
      return "what the losers paid seems owed (a claim was extinguished), allowed, or their own"
          + " token";
    }
    return facts.given().isEmpty()
        ? "the known losses are a small part of what the losers held"
        : "the sender's side gave something too, and no known loss is half of what the loser held";
  }

  private static String nothingGained(TraceFacts facts) {
    boolean own =
        facts.flows().stream()
            .anyMatch(f -> facts.controlled().contains(f.to()) && facts.own(f.asset()));
    boolean out = facts.flows().stream().anyMatch(Remark::toSomebody);
    if (facts.trace().frames().stream().noneMatch(f -> paid(facts, f)) && own) {
      return "the sender's side gained only tokens that it keeps itself";
    }
    return out && facts.losers().isEmpty()
        ? "the sender's side gained nothing and nobody lost anything: value went through"
        : "the sender's side gained nothing: what was taken stays elsewhere";
  }

  private static boolean toSomebody(Flow flow) {
    return !flow.from().equals(Address.ZERO) && !flow.to().equals(Address.ZERO);
  }

  private static boolean paid(TraceFacts facts, CallFrame frame) {
    return frame.moved().amount().signum() > 0 && facts.controlled().contains(frame.to());
  }

  private static boolean settled(TraceFacts facts, Address account) {
    for (Asset asset : facts.losses(account).keySet()) {
      if (facts.taken(account, asset) && !facts.consented(account, asset)) {
        return false;
      }
    }
    return true;
  }
}
