package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.policy.Action;
import io.tocsin.respond.InterlockState.Slot;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The owner of the interlock's state: every change is durable before any effect that follows from
 * it. Thread-safe, one change after the other.
 */
public final class Gate {
  private final InterlockBook book;
  private InterlockState state;

  /** The gate whose state is in {@code book}. */
  public Gate(InterlockBook book) {
    this.book = book;
    this.state = book.load();
  }

  /** The state now. */
  public synchronized InterlockState state() {
    return state;
  }

  /** Rules on {@code action}. */
  public synchronized Ruling rule(Action action, Instant now) {
    Ruling ruling = Interlock.rule(state, action, now);
    become(ruling.next());
    return ruling;
  }

  /** The permit for {@code action} again, if it was granted: to find out what became of it. */
  public synchronized Optional<Permit> granted(Action action) {
    Hash32 digest = Permit.digest(action);
    return state.trips().stream()
        .filter(trip -> trip.permit().equals(digest))
        .findFirst()
        .map(trip -> new Permit(action, trip.span().from()));
  }

  /** Takes back a permit that was granted and, for certain, never tried. */
  public void annul(Hash32 permit) {
    change(s -> Interlock.annulled(s, permit));
  }

  /** Takes note of a permit's outcome. */
  public void settled(Permit permit, Outcome outcome) {
    change(s -> Interlock.settled(s, permit, outcome));
  }

  /** Takes note of a release on chain. */
  public void released(AccountId target, Instant at) {
    change(s -> Interlock.released(s, target, at));
  }

  /** Takes note that a pending transaction was mined. */
  public void mined(ChainId chain, Hash32 tx) {
    change(s -> Interlock.mined(s, chain, tx));
  }

  /** Makes a mandate wait for a human. */
  public void hold(Slot slot, Instant now, String reason) {
    change(s -> Interlock.hold(s, slot, now, reason));
  }

  /** A human lets a mandate go on. */
  public void letGo(Slot slot) {
    change(s -> Interlock.letGo(s, slot));
  }

  /** A human agrees to one action, by its permit's digest. */
  public void approve(Hash32 permit) {
    change(s -> Interlock.approve(s, permit));
  }

  private synchronized void change(UnaryOperator<InterlockState> step) {
    become(step.apply(state));
  }

  private void become(InterlockState next) {
    if (!next.equals(state)) {
      book.save(next);
      state = next;
    }
  }
}
