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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds accounts that paid out at a price that the same transaction had moved out of place. */
public final class PriceDislocation implements Detector {
  private static final Metadata METADATA =
      new Metadata(
          "price-dislocation",
          "Paid out at a price moved in the same transaction",
          Severity.CRITICAL,
          new Metadata.Story(
              "A price source (a pool's reserve ratio, a share price) answers with a value that is"
                  + " away from its first one by more than a factor, an account pays out in the"
                  + " same call that read it, and the sender's side ends with a gain; or a pool's"
                  + " product of reserves falls though nobody took liquidity out.",
              "With a flash loan a contract buys up one side of a pool, deposits what it bought as"
                  + " collateral with a lender that values it by the pool's reserves, borrows all"
                  + " the lender has, sells the rest back and repays the loan."),
          List.of(
              "A price moved in an earlier transaction is not seen unless the state before was"
                  + " recorded.",
              "A source that answers by other functions than the common ones is not known.",
              "A price moved by less than the factor is taken for ordinary trade."),
          List.of(
              URI.create("https://docs.uniswap.org/contracts/v2/concepts/core-concepts/oracles"),
              URI.create("https://eips.ethereum.org/EIPS/eip-4626")));

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
    if (facts.gains().isEmpty()) {
      return new Scan.Clean();
    }
    Map<Address, Finding> found = new LinkedHashMap<>();
    Set<Address> pools =
        facts.prices().stream()
            .filter(Source::pool)
            .map(Source::address)
            .collect(Collectors.toSet());
    for (Source source : facts.prices()) {
      Set<Integer> seen = new HashSet<>();
      for (Reading reading : source.readings()) {
        if (reading.frame() >= 0
            && source.moved(reading) >= facts.config().minPriceFactor()
            && !facts.controlled().contains(facts.trace().frame(reading.frame()).from())
            && seen.add(facts.operation(reading.frame()))) {
          used(facts, source, reading, pools, found);
        }
      }
      if (source.pool()) {
        invariant(facts, source, found);
      }
    }
    return found.isEmpty() ? new Scan.Clean() : new Scan.Found(List.copyOf(found.values()));
  }

  private static void used(
      TraceFacts facts,
      Source source,
      Reading reading,
      Set<Address> pools,
      Map<Address, Finding> found) {
    int operation = facts.operation(reading.frame());
    int end = facts.trace().end(operation);
    Set<Address> payers = new HashSet<>();
    facts.flows(operation, end).forEach(f -> payers.add(f.from()));
    for (Address account : facts.losers()) {
      if (payers.contains(account)
          && !pools.contains(account)
          && !account.equals(source.address())
          && !found.containsKey(account)) {
        List<Loss> losses = losses(facts, account);
        if (!losses.isEmpty()) {
          String how =
              String.format(
                  Locale.ROOT,
                  "It paid out in a call that used a price moved by a factor of %.3g in this"
                      + " transaction.",
                  source.moved(reading));
          found.put(
              account, finding(facts, account, losses, how, List.of(operation, reading.frame())));
        }
      }
    }
  }

  private static void invariant(TraceFacts facts, Source source, Map<Address, Finding> found) {
    OptionalDouble kept = source.kept();
    Address pool = source.address();
    if (kept.isEmpty()
        || kept.getAsDouble() > 1 - facts.config().minShare()
        || found.containsKey(pool)
        || !facts.losers().contains(pool)
        || facts.liquidityTaken(pool)) {
      return;
    }
    List<Loss> losses = losses(facts, pool);
    if (!losses.isEmpty()) {
      String how =
          String.format(
              Locale.ROOT,
              "The product of its reserves fell to %.3g of what it was, though no liquidity was"
                  + " taken out.",
              kept.getAsDouble());
      found.put(
          pool, finding(facts, pool, losses, how, List.of(source.readings().getLast().frame())));
    }
  }

  private static List<Loss> losses(TraceFacts facts, Address account) {
    List<Loss> losses = new ArrayList<>();
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(account).entrySet()) {
      double share = facts.share(account, lost.getKey(), lost.getValue()).orElse(0);
      if (facts.taken(account, lost.getKey())) {
        losses.add(new Loss(lost.getKey(), lost.getValue(), share));
      }
    }
    return losses;
  }

  private static Finding finding(
      TraceFacts facts, Address account, List<Loss> losses, String how, List<Integer> frames) {
    double worst = losses.stream().mapToDouble(Loss::shareOfBalance).max().orElse(0);
    Evidence evidence = Evidence.of(facts, account, losses);
    frames.stream().filter(f -> f >= 0).forEach(evidence::and);
    List<String> assumptions = new ArrayList<>();
    if (!facts.given().isEmpty()) {
      assumptions.add("what the sender's side gave is held to be worth less than its gain");
    }
    return new Finding(
        List.of(METADATA.id()),
        worst >= 0.5 ? Severity.CRITICAL : Severity.HIGH,
        account,
        losses,
        evidence.explain(how, assumptions));
  }
}
