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
   * What the log holds of some permits.
   *
   * @param intents by digest
   * @param whole whether every entry could be read: only then a permit that is missing was never
   *     about to be carried out
   */
  public record Found(Map<Hash32, Intent> intents, boolean whole) {
    public Found {
      intents = Map.copyOf(intents);
    }
  }

  /**
   * The intents of {@code permits} as recorded since {@code since}.
   *
   * @throws MalformedException if the log or an intent in it cannot be read
   */
  static Found read(AuditStore store, Recording recording, Set<Hash32> permits, Instant since)
      throws MalformedException {
    Map<Hash32, Intent> found = new HashMap<>();
    Map<Hash32, Outcome> outcomes = new HashMap<>();
    boolean whole = true;
    long to = store.last().map(AuditEntry::sequence).orElse(0L);
    while (to > 0 && !found.keySet().containsAll(permits)) {
      long from = Math.max(1, to - PAGE + 1);
      for (AuditEntry entry : store.read(from, (int) (to - from + 1)).reversed()) {
        if (!(entry.content() instanceof AuditEntry.Content.Kept(_, var body))) {
          whole = false;
          continue;
        }
        AuditLog.Timed timed = AuditLog.decode(body);
        if (timed.at().isBefore(since)) {
          return new Found(found, whole);
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
    return new Found(found, whole);
  }
}
