package io.tocsin.pipeline;

import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.respond.Gate;
import io.tocsin.respond.InterlockState.Trip;
import io.tocsin.respond.Permit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What was done because of which claim, so that it is put before its owner when the claim is
 * withdrawn. It undoes nothing and changes no budget. Thread-safe.
 */
final class Consequences {
  private static final int REMEMBERED = 4_096;

  private final Gate gate;
  private final Records records;
  private final Map<Hash32, Hash32> claims = new HashMap<>();
  private final Map<Hash32, Claim.AllClear> withdrawn =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash32, Claim.AllClear> eldest) {
          return size() > REMEMBERED;
        }
      };

  Consequences(Gate gate, Records records) {
    this.gate = gate;
    this.records = records;
  }

  /** The permit is about to be carried out, or was before a restart. */
  synchronized void of(Permit permit) {
    Hash32 claim = permit.action().trigger().claim().id();
    claims.keySet().retainAll(trips(_ -> true).stream().map(Trip::permit).toList());
    claims.put(permit.digest(), claim);
    Claim.AllClear clear = withdrawn.get(claim);
    if (clear != null) {
      records.withdrawn(clear, trips(trip -> trip.permit().equals(permit.digest())));
    }
  }

  /** A claim is withdrawn. */
  synchronized void withdrawn(Claim.AllClear clear) {
    withdrawn.put(clear.claimId(), clear);
    records.withdrawn(clear, trips(trip -> clear.claimId().equals(claims.get(trip.permit()))));
  }

  /** Those that are in force. */
  private List<Trip> trips(Predicate<Trip> wanted) {
    var now = records.clock().instant();
    return gate.state().trips().stream()
        .filter(trip -> trip.span().to().isAfter(now) && wanted.test(trip))
        .collect(Collectors.toList());
  }
}
