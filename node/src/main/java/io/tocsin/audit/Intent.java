package io.tocsin.audit;

import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.policy.Action;
import io.tocsin.respond.Outcome;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the log says of a permit: for a restart, which must neither lose one nor carry it out twice.
 *
 * @param action what was about to be done
 * @param outcome the last one on record; empty if none is
 */
public record Intent(Action action, Optional<Outcome> outcome) {
  private static final int PAGE = 256;

  /**
   * The intents of {@code permits}, by digest, as recorded since {@code since}. A permit that is
   * missing in the answer was never about to be carried out.
   *
   * @throws MalformedException if the log or an intent in it cannot be read
   */
  static Map<Hash32, Intent> read(
      AuditStore store, Recording recording, Set<Hash32> permits, Instant since)
      throws MalformedException {
    Map<Hash32, Intent> found = new HashMap<>();
    Map<Hash32, Outcome> outcomes = new HashMap<>();
    long to = store.last().map(AuditEntry::sequence).orElse(0L);
    while (to > 0 && !found.keySet().containsAll(permits)) {
      long from = Math.max(1, to - PAGE + 1);
      for (AuditEntry entry : store.read(from, (int) (to - from + 1)).reversed()) {
        if (!(entry.content() instanceof AuditEntry.Content.Kept(_, var body))) {
          continue;
        }
        AuditLog.Timed timed = AuditLog.decode(body);
        if (timed.at().isBefore(since)) {
          return Map.copyOf(found);
        }
        if (timed.step() instanceof Step.Acted acted && permits.contains(acted.permit())) {
          outcomes.putIfAbsent(acted.permit(), recording.outcomeOf(acted.evidence()));
        }
        if (timed.step() instanceof Step.Intended intended && permits.contains(intended.permit())) {
          found.putIfAbsent(
              intended.permit(),
              new Intent(
                  recording.actionOf(intended.action()),
                  Optional.ofNullable(outcomes.get(intended.permit()))));
        }
      }
      to = from - 1;
    }
    return Map.copyOf(found);
  }
}
