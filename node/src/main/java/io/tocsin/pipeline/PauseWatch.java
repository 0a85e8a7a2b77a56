package io.tocsin.pipeline;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.respond.Gate;
import io.tocsin.respond.InterlockState.Trip;
import io.tocsin.respond.PauseView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches the pauses that this node made: takes note of their release, and calls the owner well
 * before they end, and when they were undone beside the guardian. It releases nothing. Thread-safe.
 */
final class PauseWatch {
  private final Gate gate;
  private final PauseView view;
  private final Records records;
  private final Set<Hash32> called = ConcurrentHashMap.newKeySet();
  private final Set<Hash32> undone = ConcurrentHashMap.newKeySet();
  private final Set<Hash32> ratifications = ConcurrentHashMap.newKeySet();

  PauseWatch(Gate gate, PauseView view, Records records) {
    this.gate = gate;
    this.view = view;
    this.records = records;
  }

  /**
   * Looks at every pause on {@code chain}.
   *
   * @param underway permits whose outcome is open: their pause may not stand yet
   */
  void look(ChainId chain, Set<Hash32> underway, Instant now) {
    called.retainAll(gate.state().spent());
    undone.retainAll(gate.state().spent());
    ratifications.retainAll(gate.state().spent());
    gate.state().trips().stream()
        .filter(trip -> trip.span().to().isAfter(now))
        .filter(trip -> trip.slot().guardian().chain().equals(chain))
        .map(trip -> trip.pulled().target())
        .distinct()
        .forEach(target -> over(target, underway, now));
  }

  /**
   * Looks at the pauses of {@code target}, before something is held because of them: true if they
   * stood for the interlock until now, and are over.
   *
   * @param underway permits whose outcome is open: while there is one, nothing is said to be over
   */
  boolean over(AccountId target, Set<Hash32> underway, Instant now) {
    List<Trip> trips =
        gate.state().trips().stream()
            .filter(trip -> trip.span().to().isAfter(now))
            .filter(trip -> trip.pulled().target().equals(target))
            .toList();
    boolean over = !trips.isEmpty();
    for (Trip trip : trips) {
      if (underway.contains(trip.permit())) {
        over = false;
        continue;
      }
      switch (view.standing(trip.slot().guardian(), trip.slot().mandate())) {
        case PauseView.Standing.InForce(Instant until, boolean ratified, boolean paused) -> {
          over = false;
          if (ratified && ratifications.add(trip.permit())) {
            records.ratified(trip);
          }
          if (!ratified) {
            byHand(trip, until, paused);
            if (paused) {
              callBefore(trip, until, now);
            }
          }
        }
        case PauseView.Standing.Over _ -> {}
        case PauseView.Standing.Unavailable _ -> over = false;
      }
    }
    if (over) {
      gate.released(target, now);
      records.released(target);
    }
    return over;
  }

  private void warn(String text) {
    records.log().byHand(text);
    records.call(Pager.Why.PAUSE_UNDONE, text);
  }

  /** A pause made by hand while a trip stands would end with it, by anyone's word. */
  private void byHand(Trip trip, Instant until, boolean paused) {
    String guardian = " at the guardian " + trip.slot().guardian();
    if (!paused && undone.add(trip.permit())) {
      warn(
          "the pause of "
              + trip.pulled().target()
              + " was undone by hand, but its trip stands until "
              + until
              + ": close it with release"
              + guardian
              + ", which any account may, or anyone can undo your next pause then");
    } else if (paused && undone.remove(trip.permit())) {
      warn(
          trip.pulled().target()
              + " is paused again, by hand, and an earlier trip still stands: anyone can undo this"
              + " pause at "
              + until
              + " unless you hold the target"
              + guardian);
    }
  }

  /** Half of the pause's length is left to the owner, whatever that is. */
  private void callBefore(Trip trip, Instant until, Instant now) {
    Duration length = Duration.between(trip.span().from(), trip.span().to());
    if (!now.isBefore(until.minus(length.dividedBy(2))) && called.add(trip.permit())) {
      records.ending(trip, until);
    }
  }
}
