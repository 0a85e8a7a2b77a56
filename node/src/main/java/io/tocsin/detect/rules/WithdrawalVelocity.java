package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Evidence;
import io.tocsin.detect.Finding;
import io.tocsin.detect.History.Habit;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Finds contracts that pay out far more in an hour than they ever did. */
public final class WithdrawalVelocity implements Detector {
  /** A contract that was seen to pay in fewer hours has no habits yet. */
  private static final int ENOUGH_HOURS = 24;

  private static final BigInteger FACTOR = BigInteger.TEN;

  private static final Metadata METADATA =
      new Metadata(
          "withdrawal-velocity",
          "Paid out far more than it ever did in an hour",
          Severity.MEDIUM,
          new Metadata.Story(
              "A contract that was seen to pay in 24 hours or more pays, in the running hour and"
                  + " with this transaction, ten times what it paid in its busiest hour, half or"
                  + " more of what it still holds goes out at once and gets it nothing, and the"
                  + " sender's side gives up no claim for it.",
              "A bridge's keys were stolen. Its releases look like any other, but one of them takes"
                  + " what all users together take in a year."),
          List.of(
              "A node knows only what it saw since it started, and forgets whom it did not meet for"
                  + " longest; two nodes may disagree.",
              "A move of all funds to a new contract by their owners looks the same.",
              "Whoever has the means can raise the measure by large deposits and withdrawals of his"
                  + " own, or take many hours for the theft.",
              "Blocks that leave the chain stay in the sums. Without the balance before, nothing is"
                  + " judged."),
          List.of(URI.create("https://eips.ethereum.org/EIPS/eip-7265")));

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
    if (claimGiven(facts)) {
      return new Scan.Clean();
    }
    List<Finding> findings = new ArrayList<>();
    boolean unjudged = false;
    for (Address account : facts.losers()) {
      if (!facts.gains(account).isEmpty()) {
        continue;
      }
      List<Loss> losses = new ArrayList<>();
      for (Map.Entry<Asset, BigInteger> lost : facts.losses(account).entrySet()) {
        Asset asset = lost.getKey();
        if (!unusual(facts, account, asset, lost.getValue()) || !facts.taken(account, asset)) {
          continue;
        }
        OptionalDouble share = facts.share(account, asset, lost.getValue());
        unjudged |= share.isEmpty();
        if (share.orElse(0) >= facts.config().minShareIfGiven()) {
          losses.add(new Loss(asset, lost.getValue(), share.getAsDouble()));
        }
      }
      if (!losses.isEmpty()) {
        findings.add(finding(facts, account, losses));
      }
    }
    if (!findings.isEmpty()) {
      return new Scan.Found(findings);
    }
    return unjudged
        ? new Scan.NotAnalysed("the balance of an account that pays unusually much is not known")
        : new Scan.Clean();
  }

  private static boolean unusual(
      TraceFacts facts, Address account, Asset asset, BigInteger amount) {
    return facts
        .habit(account, asset)
        .filter(p -> p.hours() >= ENOUGH_HOURS)
        .filter(p -> p.now().add(amount).compareTo(p.most().multiply(FACTOR)) >= 0)
        .isPresent();
  }

  /** Whether the sender's side burnt something that is not its own. */
  private static boolean claimGiven(TraceFacts facts) {
    return facts.flows().stream()
        .anyMatch(
            f ->
                f.to().equals(Address.ZERO)
                    && facts.controlled().contains(f.from())
                    && !facts.own(f.asset())
                    && facts.minted(f.asset()).signum() < 0);
  }

  private static Finding finding(TraceFacts facts, Address account, List<Loss> losses) {
    Asset asset = losses.getFirst().asset();
    Habit usual = facts.habit(account, asset).orElseThrow();
    return new Finding(
        List.of(METADATA.id()),
        Severity.MEDIUM,
        account,
        losses,
        Evidence.of(facts, account, losses)
            .explain(
                "It pays out ten times what it paid in the busiest of "
                    + usual.hours()
                    + " hours seen before ("
                    + usual.most()
                    + " of the smallest unit), and half or more of what it holds.",
                List.of("it is not its owners who move its funds elsewhere")));
  }
}
