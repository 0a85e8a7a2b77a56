package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.policy.Action;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Trigger;
import io.tocsin.respond.InterlockState.Cause;
import io.tocsin.respond.InterlockState.HumanHold;
import io.tocsin.respond.InterlockState.Slot;
import io.tocsin.respond.InterlockState.Span;
import io.tocsin.respond.InterlockState.Trip;
import io.tocsin.respond.Ruling.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Rules on actions: a pure, total function of what was done before, the action and the time. It is
 * never laxer than the guardian contract, which has the last word.
 */
public final class Interlock {
  /** Over which the paused time of a target is summed. */
  public static final Duration WINDOW = Duration.ofDays(30);

  private static final Duration DAY = Duration.ofDays(1);
  private static final int NEVER_MINED = 2;

  private Interlock() {}

  /** Rules on {@code action} at {@code now}. */
  public static Ruling rule(InterlockState state, Action action, Instant now) {
    Hash32 permit = Permit.digest(action);
    Slot slot = slotOf(action);
    Optional<Ruling> held =
        misfit(state, action)
            .or(() -> spent(state, permit))
            .or(() -> outOfTime(state, action, now))
            .or(() -> human(state, action, permit, slot))
            .or(() -> budget(state, action, slot, now))
            .or(() -> neverMined(state, action, slot, now))
            .or(() -> inForce(state, action, now))
            .or(() -> pausedTime(state, action, now));
    return held.orElseGet(() -> grant(state, action, now));
  }

  private static Optional<Ruling> held(InterlockState state, Why why, String detail) {
    return Optional.of(new Ruling.Held(why, why.rule() + ": " + detail, state));
  }

  /** The budget that {@code action} draws on. */
  public static Slot slotOf(Action action) {
    return new Slot(action.guardian(), action.mandateId(), action.mandate().budgetClass());
  }

  private static Optional<Ruling> misfit(InterlockState state, Action action) {
    BudgetClass budgetClass = action.mandate().budgetClass();
    boolean fits =
        switch (action.trigger()) {
          case Trigger.Local local ->
              budgetClass == BudgetClass.LOCAL && causeOf(local.claim()).isPresent();
          case Trigger.Certified certified ->
              switch (certified.claim()) {
                case Claim.ExploitMined _ ->
                    budgetClass == BudgetClass.DIRECT || budgetClass == BudgetClass.DERIVED;
                case Claim.ExploitPending _ -> budgetClass == BudgetClass.PENDING;
                case Claim.AllClear _, Claim.RosterChanged _ -> false;
              };
        };
    return fits
        ? Optional.empty()
        : held(state, Why.MISFIT, action.trigger().claim().kind() + " for " + budgetClass);
  }

  private static Optional<Ruling> spent(InterlockState state, Hash32 permit) {
    return state.spent().contains(permit)
        ? held(state, Why.ALREADY_SPENT, permit.toString())
        : Optional.empty();
  }

  private static Optional<Ruling> outOfTime(InterlockState state, Action action, Instant now) {
    Limits limits = action.mandate().limits();
    if (!now.isBefore(limits.expiry())) {
      return held(state, Why.EXPIRED, "on " + limits.expiry());
    }
    Duration maxAge = limits.maxAge().isZero() ? Limits.MAX_AGE : limits.maxAge();
    Optional<Instant> time = timeOf(action.trigger().claim());
    if (time.isPresent() && time.get().isBefore(now.minus(maxAge))) {
      return held(state, Why.STALE, "claim of " + time.get());
    }
    Duration longest =
        unmined(action) ? BudgetClass.PENDING.longest() : action.mandate().budgetClass().longest();
    return limits.duration().compareTo(longest) > 0
        ? held(state, Why.TOO_LONG, limits.duration() + " is longer than " + longest)
        : Optional.empty();
  }

  private static Optional<Instant> timeOf(Claim claim) {
    return switch (claim) {
      case Claim.ExploitMined mined -> Optional.of(mined.block().time());
      case Claim.ExploitPending pending -> Optional.of(pending.head().time());
      case Claim.AllClear _, Claim.RosterChanged _ -> Optional.empty();
    };
  }

  private static Optional<Ruling> human(
      InterlockState state, Action action, Hash32 permit, Slot slot) {
    for (HumanHold hold : state.holds()) {
      if (hold.slot().equals(slot) || hold.slot().equals(unminedSlot(action, slot))) {
        return held(state, Why.HUMAN_HOLD, "since " + hold.since() + ", " + hold.reason());
      }
    }
    return action.mandate().judgement().approval() == Approval.HUMAN
            && !state.approved().contains(permit)
        ? held(state, Why.AWAITING_APPROVAL, permit.toString())
        : Optional.empty();
  }

  private static Optional<Ruling> budget(
      InterlockState state, Action action, Slot slot, Instant now) {
    boolean soft =
        switch (slot.budgetClass()) {
          case DERIVED, LOCAL -> true;
          case DIRECT, PENDING -> false;
        };
    if (soft && action.mandate().lever().rung() > action.bounds().softestRung()) {
      return held(state, Why.NOT_SOFTEST, "rung " + action.mandate().lever().rung());
    }
    Limits limits = action.mandate().limits();
    if (state.uses().getOrDefault(slot.digest(), 0) >= limits.uses()) {
      return held(state, Why.NO_USES_LEFT, limits.uses() + " used");
    }
    Optional<Instant> last =
        state.trips().stream()
            .filter(t -> t.slot().equals(slot))
            .map(t -> t.span().from())
            .max(Comparator.naturalOrder());
    if (last.isPresent() && now.isBefore(last.get().plus(limits.cooldown()))) {
      return held(state, Why.COOLING_DOWN, "until " + last.get().plus(limits.cooldown()));
    }
    return Optional.empty();
  }

  private static Optional<Ruling> neverMined(
      InterlockState state, Action action, Slot slot, Instant now) {
    if (!unmined(action)) {
      return Optional.empty();
    }
    long never =
        state.trips().stream()
            .filter(t -> t.pulled().target().equals(action.target()))
            .filter(t -> !t.cause().mined() && !t.span().to().isAfter(now))
            .filter(t -> t.span().from().isAfter(now.minus(DAY)))
            .map(Trip::cause)
            .distinct()
            .count();
    if (never < NEVER_MINED) {
      return Optional.empty();
    }
    String reason = never + " pending claims were never mined in a day";
    return held(hold(state, unminedSlot(action, slot), now, reason), Why.NEVER_MINED, reason);
  }

  private static boolean unmined(Action action) {
    return causeOf(action.trigger().claim()).filter(cause -> !cause.mined()).isPresent();
  }

  /**
   * What is held after claims that were never mined: the pending part of the mandate alone, so that
   * no such claim disarms self-defence against what was mined.
   */
  private static Slot unminedSlot(Action action, Slot slot) {
    return unmined(action) ? new Slot(slot.guardian(), slot.mandate(), BudgetClass.PENDING) : slot;
  }

  private static Optional<Ruling> inForce(InterlockState state, Action action, Instant now) {
    return Pauses.unbeaten(state, action, now)
        .flatMap(trip -> held(state, Why.IN_FORCE, "paused until " + trip.span().to()));
  }

  private static Optional<Ruling> pausedTime(InterlockState state, Action action, Instant now) {
    Duration cap = action.bounds().pausedCap();
    Duration limit = action.mandate().budgetClass() == BudgetClass.DIRECT ? cap : cap.dividedBy(2);
    Duration used = paused(Pauses.takenOver(state, action, now), action.target(), now);
    return used.plus(action.mandate().limits().duration()).compareTo(limit) > 0
        ? held(state, Why.PAUSED_TIME, used + " used, limit " + limit)
        : Optional.empty();
  }

  /** The pause granted on {@code target} in the last 30 days, the rest of one in force included. */
  public static Duration paused(InterlockState state, AccountId target, Instant now) {
    return Pauses.granted(state, target, now.minus(WINDOW));
  }

  static InterlockState withTrips(InterlockState state, UnaryOperator<Trip> change) {
    return new InterlockState(
        state.trips().stream().map(change).toList(),
        state.uses(),
        state.spent(),
        state.holds(),
        state.approved());
  }

  private static Optional<Cause> causeOf(Claim claim) {
    return switch (claim) {
      case Claim.ExploitMined mined -> Optional.of(new Cause(mined.chain(), mined.tx(), true));
      case Claim.ExploitPending pending ->
          Optional.of(new Cause(pending.chain(), pending.tx(), false));
      case Claim.AllClear _, Claim.RosterChanged _ -> Optional.empty();
    };
  }

  private static Ruling grant(InterlockState state, Action action, Instant now) {
    Permit permit = new Permit(action, now);
    Slot slot = slotOf(action);
    List<Trip> trips = new ArrayList<>(kept(state.trips(), now));
    trips.add(
        new Trip(
            permit.digest(),
            slot,
            Pauses.pulled(action),
            new Span(now, now.plus(action.mandate().limits().duration())),
            causeOf(action.trigger().claim()).orElseThrow()));
    Map<Hash32, Integer> uses = new HashMap<>(state.uses());
    uses.merge(slot.digest(), 1, Integer::sum);
    return new Ruling.Granted(
        permit,
        new InterlockState(
            trips,
            uses,
            with(state.spent(), permit.digest()),
            state.holds(),
            without(state.approved(), permit.digest())));
  }

  private static List<Trip> kept(List<Trip> trips, Instant now) {
    Map<Slot, Trip> last = new HashMap<>();
    trips.forEach(t -> last.put(t.slot(), t));
    return trips.stream()
        .filter(t -> t.span().to().isAfter(now.minus(WINDOW)) || last.containsValue(t))
        .toList();
  }

  private static Set<Hash32> with(Set<Hash32> set, Hash32 element) {
    Set<Hash32> more = new HashSet<>(set);
    more.add(element);
    return more;
  }

  private static Set<Hash32> without(Set<Hash32> set, Hash32 element) {
    Set<Hash32> less = new HashSet<>(set);
    less.remove(element);
    return less;
  }

  /**
   * What a permit's outcome leaves: a pause ends the trips that it took over, a refused one gives
   * everything back and may be tried again, an already paused target gives back the use and the
   * time, all else stays spent.
   */
  public static InterlockState settled(InterlockState state, Permit permit, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Refused _ -> withdrawn(state, permit.digest(), true);
      case Outcome.Done(var receipt) ->
          switch (receipt.effect()) {
            case PAUSED -> Pauses.takenOver(state, permit, receipt.blockTime());
            case ALREADY_PAUSED -> withdrawn(state, permit.digest(), false);
          };
      case Outcome.Unknown _ -> state;
    };
  }

  /** Gives back a permit that was granted and, for certain, never tried. */
  public static InterlockState annulled(InterlockState state, Hash32 permit) {
    return withdrawn(state, permit, true);
  }

  private static InterlockState withdrawn(InterlockState state, Hash32 permit, boolean again) {
    Optional<Trip> trip = state.trips().stream().filter(t -> t.permit().equals(permit)).findFirst();
    if (trip.isEmpty()) {
      return state;
    }
    Map<Hash32, Integer> uses = new HashMap<>(state.uses());
    uses.computeIfPresent(trip.get().slot().digest(), (_, n) -> n > 1 ? n - 1 : null);
    return new InterlockState(
        state.trips().stream().filter(t -> !t.equals(trip.get())).toList(),
        uses,
        again ? without(state.spent(), permit) : state.spent(),
        state.holds(),
        state.approved());
  }

  /** Notes that a pause of {@code target} was released on chain at {@code at}. */
  public static InterlockState released(InterlockState state, AccountId target, Instant at) {
    return withTrips(state, t -> t.pulled().target().equals(target) ? t.endedBy(at) : t);
  }

  /** Notes that a transaction claimed as pending was mined. */
  public static InterlockState mined(InterlockState state, ChainId chain, Hash32 tx) {
    return withTrips(
        state,
        t ->
            t.cause().chain().equals(chain) && t.cause().tx().equals(tx)
                ? t.causedBy(t.cause().passed())
                : t);
  }

  /** Makes a mandate wait for a human. */
  public static InterlockState hold(InterlockState state, Slot slot, Instant now, String reason) {
    if (state.holds().stream().anyMatch(h -> h.slot().equals(slot))) {
      return state;
    }
    List<HumanHold> holds = new ArrayList<>(state.holds());
    holds.add(new HumanHold(slot, now, reason));
    return new InterlockState(state.trips(), state.uses(), state.spent(), holds, state.approved());
  }

  /**
   * A human lets a mandate go on. The pending claims that came to nothing at its guardian until now
   * count no more, or they would hold it again at once.
   */
  public static InterlockState letGo(InterlockState state, Slot slot) {
    InterlockState counted =
        withTrips(
            state,
            t -> t.slot().guardian().equals(slot.guardian()) ? t.causedBy(t.cause().passed()) : t);
    return new InterlockState(
        counted.trips(),
        counted.uses(),
        counted.spent(),
        counted.holds().stream().filter(h -> !h.slot().sameMandate(slot)).toList(),
        counted.approved());
  }

  /** A human agrees to one action, by its permit's digest. */
  public static InterlockState approve(InterlockState state, Hash32 permit) {
    return new InterlockState(
        state.trips(), state.uses(), state.spent(), state.holds(), with(state.approved(), permit));
  }
}
