package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Evidence;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.PriceSources.Reading;
import io.tocsin.detect.PriceSources.Source;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Finds pools that were left nearly empty of one token by somebody who gave nothing for it. */
public final class DrainedPool implements Detector {
  /** A pool of constant product whose price moved so far has paid out two thirds of a reserve. */
  private static final double EMPTIED = 9;

  private static final Metadata METADATA =
      new Metadata(
          "drained-pool",
          "Pool emptied for tokens that cost nothing",
          Severity.CRITICAL,
          new Metadata.Story(
              "A pool ends the transaction with its price away from the first one by a factor of"
                  + " nine or more, so that most of one reserve is gone, while the sender's side"
                  + " gave nothing on balance, or only more of a token than it held. What the pool"
                  + " lost is a gain of that side, or what it got came from no account that is seen"
                  + " to lose it.",
              "A token doubles what is sent to oneself. A contract borrows some, sends it to itself"
                  + " until it has more than there ever was, and sells it into the pool, which pays"
                  + " all the other token that it holds."),
          List.of(
              "Somebody who pays a little of anything for what he sells is taken for a trader.",
              "A pool that keeps more than a third of its reserve, that is asked for neither"
                  + " reserves nor price, or that is of another kind (stable, weighted) is not"
                  + " seen; nor is a supply made in an earlier transaction.",
              "An arbitrage between a thin pool and a place that makes its token at a fixed price"
                  + " looks the same where the pool was off by the factor before."),
          List.of(
              URI.create("https://docs.uniswap.org/contracts/v2/concepts/core-concepts/pools"),
              URI.create("https://eips.ethereum.org/EIPS/eip-20")));

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
    if (!facts.gaveOnlyConjured()) {
      return new Scan.Clean();
    }
    Map<Address, Finding> found = new LinkedHashMap<>();
    for (Source source : facts.prices()) {
      Address pool = source.address();
      if (!source.pool() || !facts.losers().contains(pool)) {
        continue;
      }
      Reading last = at(source, Comparator.reverseOrder());
      double moved = Source.factor(at(source, Comparator.naturalOrder()), last);
      if (moved < EMPTIED || facts.liquidityTaken(pool)) {
        continue;
      }
      List<Loss> losses = losses(facts, pool);
      if (!losses.isEmpty()) {
        found.putIfAbsent(pool, finding(facts, pool, losses, moved, last.frame()));
      }
    }
    return found.isEmpty() ? new Scan.Clean() : new Scan.Found(List.copyOf(found.values()));
  }

  /** The first reading of {@code source} in {@code order} of frames. */
  private static Reading at(Source source, Comparator<Integer> order) {
    return source.readings().stream()
        .min(Comparator.comparing(Reading::frame, order))
        .orElseThrow();
  }

  private static List<Loss> losses(TraceFacts facts, Address pool) {
    List<Loss> losses = new ArrayList<>();
    boolean unbacked = unbacked(facts, pool);
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(pool).entrySet()) {
      Asset asset = lost.getKey();
      OptionalDouble share = facts.share(pool, asset, lost.getValue());
      if (facts.taken(pool, asset)
          && (unbacked || facts.gains().containsKey(asset))
          && share.orElse(1) >= facts.config().minShareIfGiven()) {
        losses.add(new Loss(asset, lost.getValue(), share.orElse(0)));
      }
    }
    return losses;
  }

  /** Whether half or more of each thing that {@code pool} got is lost by nobody. */
  private static boolean unbacked(TraceFacts facts, Address pool) {
    Map<Asset, BigInteger> got = facts.gains(pool);
    return !got.isEmpty()
        && got.entrySet().stream()
            .allMatch(e -> facts.lost(e.getKey()).shiftLeft(1).compareTo(e.getValue()) <= 0);
  }

  private static Finding finding(
      TraceFacts facts, Address pool, List<Loss> losses, double moved, int frame) {
    Evidence evidence = Evidence.of(facts, pool, losses);
    if (frame >= 0) {
      evidence.and(frame);
    }
    List<String> assumptions = new ArrayList<>();
    if (!facts.given().isEmpty()) {
      assumptions.add("what the sender's side gave is more than it held before and got");
    }
    if (losses.stream().noneMatch(l -> facts.gains().containsKey(l.asset()))) {
      assumptions.add("whoever got what the pool lost acts for the sender");
    }
    String how =
        String.format(
            Locale.ROOT,
            "It paid out most of a reserve (its price ended %.3g times away) for tokens that cost"
                + " the sender's side nothing.",
            moved);
    return new Finding(
        List.of(METADATA.id()),
        Severity.CRITICAL,
        pool,
        losses,
        evidence.explain(how, assumptions));
  }
}
