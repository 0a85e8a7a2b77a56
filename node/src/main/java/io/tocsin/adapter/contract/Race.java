package io.tocsin.adapter.contract;

import io.tocsin.adapter.contract.ChainAccess.Market;
import io.tocsin.adapter.contract.ChainAccess.Quote;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import io.tocsin.respond.SentBook.Sent;
import java.util.List;
import java.util.Optional;

/**
 * What a call is sent under: what it costs, what may be bid for it, and what it has to be ahead of.
 *
 * @param attack that is pending, if one is
 */
record Race(TxCall call, Quote quote, FeePolicy fees, Optional<Claim.ExploitPending> attack) {
  /** A signed transaction that is on record. */
  record Bid(Sent sent, SignedTransaction body) {
    /** What it pays. */
    Fees fees() {
      return body.fees();
    }
  }

  /** This race in a later market. */
  Race in(Market market) {
    Quote now = new Quote(quote.nonce(), quote.gas(), market, quote.balance());
    return new Race(call, now, fees, attack);
  }

  /** The first bid without a rival. */
  Fees usual() {
    return fees.bid(quote.market());
  }

  /** What may replace {@code sent}, ascending: within the policy, and affordable. */
  List<Fees> rungs(Fees sent) {
    return fees.ladder(sent, quote.market()).stream()
        .filter(rung -> cost(rung).compareTo(quote.balance()) <= 0)
        .toList();
  }

  /** The most that {@code bid} can cost. */
  Wei cost(Fees bid) {
    return bid.cap().times(quote.gas().amount()).plus(call.value());
  }

  /** Whether {@code bid} goes before {@code rival} in the next block. */
  boolean beats(Fees bid, Fees rival) {
    return FeePolicy.beats(bid, rival, quote.market());
  }

  /**
   * Whether {@code attack} could pay for its place in the next block, and is whole without blobs.
   */
  boolean couldBeNext(SignedTransaction attack) {
    return attack.type() != 3 && FeePolicy.payable(attack.fees(), quote.market());
  }

  /** The lowest bid that goes before {@code rival}; the usual one where none does. */
  Fees against(Optional<Fees> rival) {
    Fees usual = usual();
    return rival
        .filter(r -> !beats(usual, r))
        .flatMap(r -> rungs(usual).stream().filter(rung -> beats(rung, r)).findFirst())
        .orElse(usual);
  }
}
