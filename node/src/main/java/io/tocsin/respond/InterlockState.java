package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import io.tocsin.policy.BudgetClass;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was done before, as far as it bounds what may be done next.
 *
 * @param trips those of the last 30 days, and the last of every mandate, oldest first
 * @param uses how often each mandate was used, by {@link Slot#digest}
 * @param spent digests of permits granted, for ever
 * @param holds mandates that wait for a human
 * @param approved digests of permits that a human agreed to and that were not granted yet
 */
public record InterlockState(
    List<Trip> trips,
    Map<Hash32, Integer> uses,
    Set<Hash32> spent,
    List<HumanHold> holds,
    Set<Hash32> approved) {
  /** Nothing was ever done. */
  public static final InterlockState EMPTY =
      new InterlockState(List.of(), Map.of(), Set.of(), List.of(), Set.of());

  public InterlockState {
    trips = List.copyOf(trips);
    uses = Map.copyOf(uses);
    spent = Set.copyOf(spent);
    holds = List.copyOf(holds);
    approved = Set.copyOf(approved);
  }

  /** A budget: one mandate of one guardian. */
  public record Slot(AccountId guardian, Hash32 mandate, BudgetClass budgetClass) {
    boolean sameMandate(Slot other) {
      return guardian.equals(other.guardian) && mandate.equals(other.mandate);
    }

    /** A name for it that fits into a map's key. */
    public Hash32 digest() {
      return Keccak.hashUtf8(guardian + " " + mandate + " " + budgetClass);
    }
  }

  /** One pull of a lever, and when it ends. */
  public record Trip(Hash32 permit, Slot slot, Pulled pulled, Span span, Cause cause) {
    Trip causedBy(Cause other) {
      return new Trip(permit, slot, pulled, span, other);
    }

    Trip endedBy(Instant end) {
      return span.to().isAfter(end)
          ? new Trip(permit, slot, pulled, new Span(span.from(), later(span.from(), end)), cause)
          : this;
    }

    private static Instant later(Instant a, Instant b) {
      return a.isAfter(b) ? a : b;
    }
  }

  /**
   * What was paused.
   *
   * @param lever digest of the calls
   * @param probe digest of what tells that it is paused; pauses with the same one are the same
   */
  public record Pulled(AccountId target, Hash32 lever, Hash32 probe) {
    boolean same(Pulled other) {
      return target.chain().equals(other.target.chain()) && probe.equals(other.probe);
    }
  }

  /** From when to when a pause was granted. */
  public record Span(Instant from, Instant to) {
    public Span {
      if (to.isBefore(from)) {
        throw new IllegalArgumentException("a span ends before it begins");
      }
    }
  }

  /**
   * The transaction behind a trip.
   *
   * @param mined whether it was mined by now, or a human let it pass
   */
  public record Cause(ChainId chain, Hash32 tx, boolean mined) {
    Cause passed() {
      return new Cause(chain, tx, true);
    }
  }

  /** A mandate that waits for a human. */
  public record HumanHold(Slot slot, Instant since, String reason) {}
}
