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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Finds lenders of which borrowed funds took everything, even for debts that nobody will pay. */
public final class EmptiedLenders implements Detector {
  /** A loss of this share of a balance leaves nothing worth having. */
  private static final double ALL = 0.95;

  private static final Metadata METADATA =
      new Metadata(
          "emptied-lenders",
          "All that lenders held was borrowed and kept",
          Severity.CRITICAL,
          new Metadata.Story(
              "With funds that it borrowed for the length of the transaction the sender's side"
                  + " takes, and keeps, all or nearly all that an account holds of an asset, and"
                  + " that account gets nothing; and it does the same to a second account, or the"
                  + " price of a pool or share moved by a factor in the same transaction. That a"
                  + " debt was booked for it does not count: a debt worth less than what secures it"
                  + " is not paid.",
              "A contract buys up one side of a pool with a flash loan, has a lender read the"
                  + " price, and borrows all the dollars in each of its markets against tokens that"
                  + " are worth little."),
          List.of(
              "One lender that is emptied against collateral priced by hand or in an earlier"
                  + " transaction is taken for an ordinary debt.",
              "A lender of which a part is left is not seen.",
              "Without recorded balances, only an account whose balance is asked for in the"
                  + " transaction is judged."),
          List.of(
              URI.create("https://docs.compound.finance/v2/ctokens/"),
              URI.create("https://eips.ethereum.org/EIPS/eip-3156")));

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
    if (!facts.borrowed()) {
      return new Scan.Clean();
    }
    Map<Address, List<Loss>> emptied = new LinkedHashMap<>();
    for (Address account : facts.losers()) {
      List<Loss> losses = losses(facts, account);
      if (facts.gains(account).isEmpty() && !losses.isEmpty()) {
        emptied.put(account, losses);
      }
    }
    boolean moved = facts.priceMoved();
    if (emptied.isEmpty() || (emptied.size() < 2 && !moved)) {
      return new Scan.Clean();
    }
    String how =
        "All that it held was taken with funds lent for this transaction, "
            + (moved ? "while a price was moved." : "together with all that another one held.");
    List<Finding> found = new ArrayList<>();
    emptied.forEach(
        (account, losses) ->
            found.add(
                new Finding(
                    List.of(METADATA.id()),
                    Severity.CRITICAL,
                    account,
                    losses,
                    Evidence.of(facts, account, losses)
                        .explain(how, List.of("what is owed for it will not be paid")))));
    return new Scan.Found(found);
  }

  /** What {@code account} lost entirely and the sender's side kept the greater part of. */
  private static List<Loss> losses(TraceFacts facts, Address account) {
    List<Loss> losses = new ArrayList<>();
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(account).entrySet()) {
      Asset asset = lost.getKey();
      OptionalDouble share = facts.share(account, asset, lost.getValue());
      if (share.orElse(0) >= ALL
          && facts.taken(account, asset)
          && facts.keeps(asset, lost.getValue())) {
        losses.add(new Loss(asset, lost.getValue(), share.getAsDouble()));
      }
    }
    return losses;
  }
}
