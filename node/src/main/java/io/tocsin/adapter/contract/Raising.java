package io.tocsin.adapter.contract;

import io.tocsin.adapter.contract.ChainAccess.Market;
import io.tocsin.adapter.contract.ChainAccess.Quote;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import io.tocsin.respond.SentBook.Sent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Raises one transaction until it, or an earlier bid of it, is mined. One owner.
 *
 * <p>Where it races a pending attack it bids above what the attack really pays, in whatever
 * transaction has the attacker's turn by now. Where it does not, it climbs a rung with each head
 * that came without it. Once the attacker's turn is used, by the attack or by something else, there
 * is nothing to be ahead of: the last bid stands.
 */
final class Raising {
  private final TransactionLane lane;
  private final Race race;
  private final BiConsumer<Hash32, Fees> raised;
  private Sent sent;
  private Fees bid;
  private long head;
  private Market market;
  private List<SignedTransaction> ladder;
  private boolean over;

  /**
   * What is raced.
   *
   * @param quote from which the first bid was made
   * @param attack that is pending, if one is
   */
  record Race(TxCall call, Quote quote, Optional<Claim.ExploitPending> attack) {}

  /** Raises {@code sent}, which bids {@code bid}; {@code raised} hears each rung that was taken. */
  Raising(TransactionLane lane, Sent sent, Fees bid, Race race, BiConsumer<Hash32, Fees> raised) {
    this.lane = lane;
    this.race = race;
    this.raised = raised;
    this.sent = sent;
    this.bid = bid;
    this.head = -1;
    this.market = race.quote.market();
    this.ladder = lane.ladder(sent, bid, race.call, race.quote);
  }

  /** Waits for the agreed receipt, looking and bidding every {@code interval}. */
  Optional<MinedTransaction> await(Duration patience, Duration interval) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<MinedTransaction> mined = lane.mined(sent);
      if (mined.isPresent() || System.nanoTime() - deadline >= 0) {
        return mined;
      }
      try {
        step();
      } catch (ChainException e) {
        head = -1; // nobody says how market and attack stand: the bid stands until somebody does
      }
      try {
        Thread.sleep(interval);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
  }

  /** The latest bid. */
  Sent sent() {
    return sent;
  }

  private void step() throws ChainException {
    if (over) {
      return;
    }
    long now = lane.access().height();
    boolean missed = head >= 0 && now > head;
    if (now > head) {
      market = lane.access().market();
      ladder = lane.ladder(sent, bid, race.call, inThisMarket());
      head = now;
    }
    if (race.attack.isEmpty()) {
      if (missed) {
        climb(ladder.stream().findFirst());
      }
      return;
    }
    Optional<Fees> rival = lane.access().rival(race.attack.get()).map(SignedTransaction::fees);
    if (rival.isEmpty()) {
      Claim.Turn turn = race.attack.get().turn();
      over = lane.access().nonce(turn.sender()) > turn.nonce();
    } else if (!FeePolicy.beats(bid, rival.get(), market)) {
      climb(
          ladder.stream()
              .filter(rung -> FeePolicy.beats(rung.fees(), rival.get(), market))
              .findFirst());
    } else if (missed) {
      climb(ladder.stream().findFirst());
    }
  }

  private Quote inThisMarket() {
    Quote quote = race.quote;
    return new Quote(quote.nonce(), quote.gas(), market, quote.balance());
  }

  private void climb(Optional<SignedTransaction> to) {
    if (to.isEmpty()) {
      return;
    }
    SignedTransaction rung = to.get();
    boolean taken = lane.replace(sent, rung);
    // Taken or not, it may be under way: what follows must be above it.
    sent = new Sent(sent.key(), sent.sender(), sent.nonce(), rung.hash());
    bid = rung.fees();
    ladder = ladder.subList(ladder.indexOf(rung) + 1, ladder.size());
    if (taken) {
      raised.accept(rung.hash(), bid);
    }
  }
}
