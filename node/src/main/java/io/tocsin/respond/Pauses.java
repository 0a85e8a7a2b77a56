package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.crypto.Keccak;
import io.tocsin.policy.Action;
import io.tocsin.policy.Lever;
import io.tocsin.respond.InterlockState.Pulled;
import io.tocsin.respond.InterlockState.Slot;
import io.tocsin.respond.InterlockState.Span;
import io.tocsin.respond.InterlockState.Trip;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which trips see the same pause, and which of them gives way to which, as in the contract. */
final class Pauses {
  private Pauses() {}

  /** What {@code action} would pause. */
  static Pulled pulled(Action action) {
    Lever lever = action.mandate().lever();
    Lever.Probe probe = lever.calls().probe();
    return new Pulled(
        action.target(),
        Keccak.hash(
            lever
                .target()
                .bytes()
                .concat(lever.safe().bytes())
                .concat(Keccak.hash(lever.calls().call()).bytes())
                .concat(Keccak.hash(lever.calls().release()).bytes())),
        Keccak.hash(
            probe
                .account()
                .bytes()
                .concat(probe.mask().bytes())
                .concat(probe.expected().bytes())
                .concat(Keccak.hash(probe.call()).bytes())));
  }

  private static Predicate<Trip> samePause(Pulled pulled, Instant now) {
    return t -> t.pulled().same(pulled) && t.span().to().isAfter(now);
  }

  /** The pause in force that {@code action} may not take over, if there is one. */
  static Optional<Trip> unbeaten(InterlockState state, Action action, Instant now) {
    Pulled pulled = pulled(action);
    Instant until = now.plus(action.mandate().limits().duration());
    return state.trips().stream()
        .filter(samePause(pulled, now))
        .filter(t -> !beats(Interlock.slotOf(action), pulled, until, t))
        .max(Comparator.comparing(t -> t.span().to()));
  }

  /** A weaker class gives way; with the same lever only to what ends later. */
  private static boolean beats(Slot slot, Pulled pulled, Instant until, Trip trip) {
    return trip.slot().guardian().equals(slot.guardian())
        && slot.budgetClass().code() < trip.slot().budgetClass().code()
        && (!trip.pulled().lever().equals(pulled.lever()) || until.isAfter(trip.span().to()));
  }

  /** The state if {@code action} took over, now, what it may. */
  static InterlockState takenOver(InterlockState state, Action action, Instant now) {
    Predicate<Trip> same = samePause(pulled(action), now);
    return Interlock.withTrips(state, t -> same.test(t) && of(action, t) ? t.endedBy(now) : t);
  }

  /**
   * The state after {@code permit} paused at {@code at}: the guardian has closed the trip before.
   * Not earlier, since the guardian may refuse.
   */
  static InterlockState takenOver(InterlockState state, Permit permit, Instant at) {
    Pulled pulled = pulled(permit.action());
    Instant end = at.isAfter(permit.granted()) ? at : permit.granted();
    Set<Trip> before =
        state.trips().stream()
            .takeWhile(t -> !t.permit().equals(permit.digest()))
            .filter(t -> t.pulled().same(pulled) && of(permit.action(), t))
            .collect(Collectors.toSet());
    return Interlock.withTrips(state, t -> before.contains(t) ? t.endedBy(end) : t);
  }

  private static boolean of(Action action, Trip trip) {
    return trip.slot().guardian().equals(action.guardian());
  }

  /** The pause granted on {@code target} since then, the rest of one in force included. */
  static Duration granted(InterlockState state, AccountId target, Instant since) {
    Duration sum = Duration.ZERO;
    for (Trip trip : state.trips()) {
      Span span = trip.span();
      if (trip.pulled().target().equals(target) && span.to().isAfter(since)) {
        sum =
            sum.plus(Duration.between(span.from().isAfter(since) ? span.from() : since, span.to()));
      }
    }
    return sum;
  }
}
