package io.tocsin.app;

import io.tocsin.audit.AuditStore;
import io.tocsin.audit.Step;
import io.tocsin.audit.Withdrawal;
import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.InterlockState.Trip;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** A pause in force whose claim was withdrawn, and that its owner has not made his own. */
record RestingPause(Trip trip, Step.Withdrawn withdrawn) {
  /**
   * Those of a node, as it has them on record.
   *
   * @throws MalformedException if the log cannot be read
   */
  static List<RestingPause> all(AuditStore store, InterlockState state, Instant now)
      throws MalformedException {
    List<Trip> standing =
        state.trips().stream().filter(trip -> trip.span().to().isAfter(now)).toList();
    if (standing.isEmpty()) {
      return List.of();
    }
    Instant oldest =
        standing.stream().map(trip -> trip.span().from()).min(Instant::compareTo).orElseThrow();
    Map<Hash32, Step.Withdrawn> found = Withdrawal.unratified(store, oldest);
    return standing.stream()
        .<RestingPause>mapMulti(
            (trip, out) -> {
              Step.Withdrawn withdrawn = found.get(trip.permit());
              if (withdrawn != null) {
                out.accept(new RestingPause(trip, withdrawn));
              }
            })
        .toList();
  }

  /** What it is, and what the owner can do about it. */
  List<String> lines() {
    AccountId guardian = trip.slot().guardian();
    String at = guardian.address() + " ";
    String more = " --rpc … --key …";
    return List.of(
        "the pause of "
            + trip.pulled().target()
            + ", until "
            + trip.span().to()
            + ", rests on claim "
            + withdrawn.claim()
            + ", which is withdrawn: block "
            + withdrawn.block()
            + " took the place of its block on "
            + withdrawn.chain(),
        "  to keep it:  tocsin guardian ratify " + at + trip.slot().mandate() + more,
        "  or:          tocsin guardian hold " + at + trip.pulled().target().address() + more,
        "  to end it:   tocsin guardian lift " + at + trip.slot().mandate() + more);
  }

  /** The same for machines. */
  ObjectNode json() {
    return Json.object()
        .put("permit", trip.permit().toString())
        .put("target", trip.pulled().target().toString())
        .put("guardian", trip.slot().guardian().toString())
        .put("mandate", trip.slot().mandate().toString())
        .put("until", trip.span().to().toString())
        .put("claim", withdrawn.claim().toString())
        .put("block", withdrawn.block().toString());
  }
}
