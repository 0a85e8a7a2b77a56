package io.tocsin.adapter.contract;

import io.tocsin.adapter.contract.Race.Bid;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.claim.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Raises one transaction until it, or an earlier bid of it, is mined. One owner.
 *
 * <p>Where it races a pending attack it bids above what the attack really pays, in whatever
 * transaction has the attacker's turn by now; while none is to be seen, the bid stands. Where it
 * races nothing, it climbs a rung with each head that came without it. Once the attacker's turn is
 * used, by the attack or by something else, there is nothing to be ahead of: the last bid stands.
 *
 * <p>The bid in force goes to the private relays, too, as bundles for the next block, with each
 * head, each rung and each replacement of the attack: by itself, and with the attack at once behind
 * it while that could be in the block. Neither alone would do. The second fixes the order at
 * whoever takes it, and is void as soon as the attack is replaced, mined or cannot pay; the first
 * is void never.
 */
final class Raising {
  private final TransactionLane lane;
  private final Ear ear;
  private Race race;
  private Bid bid;
  private long head = -1;
  private List<Bid> ladder;
  private Optional<SignedTransaction> bundled = Optional.empty();
  private boolean over;

  /** Hears what becomes of the bids. */
  interface Ear {
    /** A rung was taken. */
    void raised(Hash32 tx, Fees bid);

    /** There is no gas left for the next rung; the bid stays as it is. */
    void overBudget(String why);
  }

  /** Raises {@code bid}. */
  Raising(TransactionLane lane, Bid bid, Race race, Ear ear) {
    this.lane = lane;
    this.race = race;
    this.ear = ear;
    this.bid = bid;
    this.ladder = lane.ladder(bid, race);
  }

  /** Waits for the agreed receipt, looking and bidding every {@code interval}. */
  Optional<MinedTransaction> await(Duration patience, Duration interval) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<MinedTransaction> mined = lane.mined(bid.sent());
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
  Bid bid() {
    return bid;
  }

  private void step() throws ChainException {
    long now = lane.access().height();
    boolean fresh = now > head;
    boolean missed = fresh && head >= 0;
    if (fresh) {
      race = race.in(lane.access().market());
      ladder = lane.ladder(bid, race);
      head = now;
    }
    Optional<SignedTransaction> rival =
        over ? Optional.empty() : race.attack().flatMap(lane.access()::rival);
    Optional<SignedTransaction> behind = rival.filter(race::couldBeNext);
    Optional<Bid> higher = higher(rival, missed).filter(this::affordable);
    if (higher.isPresent()) {
      take(higher.get(), behind);
    } else if (fresh) {
      offer(bid, behind);
    } else if (!behind.equals(bundled)) {
      offerAhead(bid, behind);
    }
    bundled = behind;
  }

  /** What to bid now; empty where the bid stands. */
  private Optional<Bid> higher(Optional<SignedTransaction> rival, boolean missed)
      throws ChainException {
    if (over) {
      return Optional.empty();
    }
    if (race.attack().isPresent() && rival.isEmpty()) {
      Claim.Turn turn = race.attack().get().turn();
      over = lane.access().nonce(turn.sender()) > turn.nonce();
      return Optional.empty();
    }
    Optional<Fees> theirs = rival.map(SignedTransaction::fees);
    if (theirs.isPresent() && !race.beats(bid.fees(), theirs.get())) {
      return ladder.stream().filter(rung -> race.beats(rung.fees(), theirs.get())).findFirst();
    }
    return missed ? ladder.stream().findFirst() : Optional.empty();
  }

  private boolean affordable(Bid rung) {
    Optional<String> refused = lane.unaffordable(rung);
    if (refused.isPresent()) {
      ladder = List.of(); // until the next head
      ear.overBudget(refused.get());
    }
    return refused.isEmpty();
  }

  private void take(Bid rung, Optional<SignedTransaction> behind) {
    boolean taken = lane.replace(rung, () -> offer(rung, behind));
    bid = rung; // taken or not, it may be under way: what follows must be above it
    ladder = ladder.subList(ladder.indexOf(rung) + 1, ladder.size());
    if (taken) {
      ear.raised(rung.sent().tx(), rung.fees());
    }
  }

  private void offer(Bid now, Optional<SignedTransaction> behind) {
    lane.offer(Bundle.alone(now.sent().key(), now.body(), head + 1));
    offerAhead(now, behind);
  }

  private void offerAhead(Bid now, Optional<SignedTransaction> behind) {
    behind.ifPresent(
        attack -> lane.offer(Bundle.ahead(now.sent().key(), now.body(), attack, head + 1)));
  }
}
