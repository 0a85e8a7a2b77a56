package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Evidence;
import io.tocsin.detect.Finding;
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
import java.util.Optional;
import java.util.OptionalDouble;

/** Finds accounts that lost value to the sender's side and got nothing for it. */
public final class ValueConservation implements Detector {
  /** A loss of this share of a balance leaves nothing worth having. */
  private static final double ALL = 0.95;

  /** Who pays so often in one transaction is made to. */
  private static final int MANY = 10;

  private static final Metadata METADATA =
      new Metadata(
          "value-conservation",
          "Value taken with nothing given",
          Severity.CRITICAL,
          new Metadata.Story(
              "The sender's side (the sender, the contract it entered by, contracts it created)"
                  + " gains value that it did not give, while an account outside loses a large"
                  + " share of what it held, without a claim on it being extinguished and without"
                  + " its owner's allowance. What that side had from nowhere is no payment; and"
                  + " with borrowed funds, an account that lost all it held is robbed by whoever"
                  + " got it.",
              "A contract calls a vault's unprotected upgrade function, points the vault at its own"
                  + " code and has it send all it holds to the caller."),
          List.of(
              "An account that got anything of note in return is not a victim here, even if the"
                  + " exchange was a bad one.",
              "A direct call by the victim's owner cannot be told from one by a thief who made"
                  + " himself owner in an earlier transaction: it is not analysed, nor is one by a"
                  + " common withdrawal function of the entry contract.",
              "Without recorded balances a plain payment is not judged; without events, claims"
                  + " extinguished are inferred from the names of common functions."),
          List.of(URI.create("https://eips.ethereum.org/EIPS/eip-20")));

  @Override
  public Metadata metadata() {
    return METADATA;
  }

  @Override
  public boolean needsState() {
    return true;
  }

  @Override
  public Scan scan(TraceFacts facts) {
    if (facts.gains().isEmpty() && !facts.borrowed()) {
      return new Scan.Clean();
    }
    List<Finding> findings = new ArrayList<>();
    Optional<String> unjudged = Optional.empty();
    for (Address account : facts.losers()) {
      if (!facts.received(account).isEmpty()) {
        continue;
      }
      Verdict verdict =
          facts.gains().isEmpty() || !facts.gains(account).isEmpty()
              ? robbed(facts, account)
              : judge(facts, account);
      if (verdict.unjudged().isPresent()) {
        unjudged = verdict.unjudged();
      } else if (!verdict.losses().isEmpty()) {
        findings.add(finding(facts, account, verdict));
      }
    }
    if (!findings.isEmpty()) {
      return new Scan.Found(findings);
    }
    return unjudged.<Scan>map(Scan.NotAnalysed::new).orElseGet(Scan.Clean::new);
  }

  private record Verdict(List<Loss> losses, List<String> assumptions, Optional<String> unjudged) {}

  /**
   * What {@code account} lost for certain where it is less plain that it was robbed: all that it
   * held, where the sender's side borrowed but keeps nothing itself; most of it, where it got only
   * what that side had from nowhere.
   */
  private static Verdict robbed(TraceFacts facts, Address account) {
    boolean kept = !facts.gains().isEmpty();
    boolean rigged = facts.borrowed() && facts.priceMoved();
    List<Loss> losses = new ArrayList<>();
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(account).entrySet()) {
      Asset asset = lost.getKey();
      double share = facts.share(account, asset, lost.getValue()).orElse(0);
      if (share >= (kept ? facts.config().minShareIfGiven() : ALL)
          && (!kept || facts.keeps(asset, lost.getValue()) || rigged)
          && facts.taken(account, asset)
          && !facts.consented(account, asset)) {
        losses.add(new Loss(asset, lost.getValue(), share));
      }
    }
    String assumption =
        kept
            ? "what it got came from nowhere, and is worth nothing"
            : "whoever got what it lost acts for the sender";
    return new Verdict(losses, List.of(assumption), Optional.empty());
  }

  private static Verdict judge(TraceFacts facts, Address account) {
    boolean even = facts.given().isEmpty();
    List<Loss> losses = new ArrayList<>();
    List<String> assumptions = new ArrayList<>();
    Optional<String> unjudged = Optional.empty();
    boolean direct = facts.trace().root().to().equals(account) || facts.redemption();
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(account).entrySet()) {
      Asset asset = lost.getKey();
      if (!facts.taken(account, asset)
          || facts.consented(account, asset)
          || facts.soldForOthers(account, asset)) {
        continue;
      }
      OptionalDouble share = facts.share(account, asset, lost.getValue());
      boolean often = facts.borrowed() && facts.payments(account, asset) >= MANY;
      double enough = even || often ? facts.config().minShare() : facts.config().minShareIfGiven();
      if (share.isPresent() && share.getAsDouble() < enough) {
        continue;
      }
      Optional<String> symptom = facts.symptom(account, asset);
      if (symptom.isEmpty() && direct) {
        unjudged = Optional.of("a plain call to the payer or its front may be a holder's");
      } else if (share.isPresent()) {
        losses.add(new Loss(asset, lost.getValue(), share.getAsDouble()));
      } else if (even && symptom.isPresent()) {
        losses.add(new Loss(asset, lost.getValue(), 0));
        assumptions.add(
            "its balance before is not known; the loss is held to be large because "
                + symptom.get());
      } else if (even) {
        unjudged = Optional.of("the balance of an account that paid out is not known");
      }
    }
    return new Verdict(
        losses,
        assumptions.stream().distinct().toList(),
        losses.isEmpty() ? unjudged : Optional.empty());
  }

  private static Finding finding(TraceFacts facts, Address account, Verdict verdict) {
    double worst = verdict.losses().stream().mapToDouble(Loss::shareOfBalance).max().orElse(0);
    return new Finding(
        List.of(METADATA.id()),
        worst >= 0.5 ? Severity.CRITICAL : Severity.HIGH,
        account,
        verdict.losses(),
        Evidence.of(facts, account, verdict.losses())
            .explain(
                "It lost value to the sender's side and got nothing for it.",
                verdict.assumptions()));
  }
}
