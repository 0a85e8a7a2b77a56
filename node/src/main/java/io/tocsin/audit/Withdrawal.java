package io.tocsin.audit;

import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the log says of actions whose claim was withdrawn, for the owner who must look at them. */
public final class Withdrawal {
  private static final int PAGE = 256;

  private Withdrawal() {}

  /**
   * The permits that rest on a claim withdrawn since {@code since} and that the owner has not made
   * his own, with what was recorded of the withdrawal.
   *
   * @throws MalformedException if the log cannot be read
   */
  public static Map<Hash32, Step.Withdrawn> unratified(AuditStore store, Instant since)
      throws MalformedException {
    Map<Hash32, Step.Withdrawn> found = new HashMap<>();
    Set<Hash32> ratified = new HashSet<>();
    long to = store.last().map(AuditEntry::sequence).orElse(0L);
    while (to > 0) {
      long from = Math.max(1, to - PAGE + 1);
      for (AuditEntry entry : store.read(from, (int) (to - from + 1)).reversed()) {
        if (!(entry.content() instanceof AuditEntry.Content.Kept(_, var body))) {
          continue;
        }
        AuditLog.Timed timed = AuditLog.decode(body);
        if (timed.at().isBefore(since)) {
          return Map.copyOf(found);
        }
        if (timed.step() instanceof Step.Ratified(Hash32 permit)) {
          ratified.add(permit);
        } else if (timed.step() instanceof Step.Withdrawn step) {
          step.permits().stream()
              .filter(permit -> !ratified.contains(permit))
              .forEach(permit -> found.putIfAbsent(permit, step));
        }
      }
      to = from - 1;
    }
    return Map.copyOf(found);
  }
}
