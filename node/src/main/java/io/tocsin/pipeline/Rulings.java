package io.tocsin.pipeline;

import io.tocsin.base.Hash32;
import io.tocsin.policy.Action;
import io.tocsin.policy.Case;
import io.tocsin.respond.Gate;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Asks the interlock for permits and knows which of them are under way. Thread-safe. */
final class Rulings {
  private final Gate gate;
  private final PauseWatch pauses;
  private final OwnerDesk desk;
  private final Unsettled open;
  private final Records records;
  private final Set<Hash32> underway = ConcurrentHashMap.newKeySet();

  Rulings(Gate gate, PauseWatch pauses, OwnerDesk desk, Unsettled open, Records records) {
    this.gate = gate;
    this.pauses = pauses;
    this.desk = desk;
    this.open = open;
    this.records = records;
  }

  /** A ruling, and how the interlock stood after it: another may notice that a pause is over. */
  private record Said(Ruling ruling, InterlockState after) {}

  /** The permit for {@code action}, if there is one; a pause that holds it must stand on chain. */
  Optional<Permit> ask(Case asked, Action action) {
    Said said = rule(asked, action);
    if (said.ruling instanceof Ruling.Held held
        && held.reason().restsOnPause()
        && (pauses.over(action.target(), unsettled(), records.clock().instant())
            || !gate.state().equals(said.after))) {
      said = rule(asked, action);
    }
    return switch (said.ruling) {
      case Ruling.Held _ -> Optional.empty();
      case Ruling.Granted(Permit permit, _) -> Optional.of(permit);
    };
  }

  /** What a person can let go on is before him when he reads of it. */
  private Said rule(Case asked, Action action) {
    Instant now = records.clock().instant();
    InterlockState before;
    InterlockState after;
    Ruling ruling;
    synchronized (gate) {
      before = gate.state();
      ruling = gate.rule(action, now);
      if (ruling instanceof Ruling.Granted(Permit permit, _)) {
        underway.add(permit.digest());
      }
      after = gate.state();
    }
    if (ruling instanceof Ruling.Held held && held.reason().waitsForHuman()) {
      desk.await(asked.occasion().alarm());
    }
    records.ruled(asked, before, action, now, ruling);
    return new Said(ruling, after);
  }

  /** The outcome of {@code permit} is on record. */
  void concluded(Permit permit) {
    underway.remove(permit.digest());
  }

  /** Permits whose outcome is not known, or not yet. */
  Set<Hash32> unsettled() {
    Set<Hash32> unsettled = new HashSet<>(open.digests());
    unsettled.addAll(underway);
    return unsettled;
  }
}
