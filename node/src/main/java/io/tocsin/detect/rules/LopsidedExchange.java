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
import java.util.OptionalDouble;

/** Finds accounts that gave most of what they held for next to nothing. */
public final class LopsidedExchange implements Detector {
  private static final Metadata METADATA =
      new Metadata(
          "lopsided-exchange",
          "Most of its holdings given for next to nothing",
          Severity.CRITICAL,
          new Metadata.Story(
              "An account pays out half or more of what it held of an asset, and all that it gets"
                  + " is worth less than a tenth of it, at the rates at which others exchange the"
                  + " same assets in the same transaction; no claim on it is extinguished, and its"
                  + " owner had not allowed it.",
              "An exchange books what arrives during a swap as the swap's result. A contract"
                  + " deposits in the middle of a swap of a worthless token, is credited twice, and"
                  + " takes out all that the exchange holds."),
          List.of(
              "What the account got must be traded elsewhere in the transaction, or its worth is"
                  + " not known.",
              "An exchange at a third of its worth is taken for a bad trade.",
              "Without recorded balances, only an account whose balance is asked for in the"
                  + " transaction is judged."),
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
    List<Finding> found = new ArrayList<>();
    for (Address account : facts.losers()) {
      List<Loss> losses = losses(facts, account);
      if (!losses.isEmpty()) {
        found.add(
            new Finding(
                List.of(METADATA.id()),
                Severity.CRITICAL,
                account,
                losses,
                Evidence.of(facts, account, losses)
                    .explain(
                        "It gave most of what it held for less than a tenth of its worth.",
                        List.of("the rates of others in this transaction are not far off"))));
      }
    }
    return found.isEmpty() ? new Scan.Clean() : new Scan.Found(found);
  }

  private static List<Loss> losses(TraceFacts facts, Address account) {
    List<Loss> losses = new ArrayList<>();
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(account).entrySet()) {
      Asset asset = lost.getKey();
      OptionalDouble share = facts.share(account, asset, lost.getValue());
      if (share.orElse(0) >= facts.config().minShareIfGiven()
          && facts.taken(account, asset)
          && facts.underpaid(account, asset)
          && !facts.consented(account, asset)) {
        losses.add(new Loss(asset, lost.getValue(), share.getAsDouble()));
      }
    }
    return losses;
  }
}
