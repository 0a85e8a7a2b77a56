package io.tocsin.pipeline;

import io.tocsin.policy.Alarm;
import io.tocsin.policy.Protection;
import io.tocsin.risk.RiskEstimate;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The last {@value #REMEMBERED} alarms of each protection that led to no action while the value at
 * risk could not be read: they are weighed again when it can be. Thread-safe.
 */
final class Blind {
  private static final int REMEMBERED = 256;

  private final Map<Protection, Set<Alarm>> waiting = new LinkedHashMap<>();

  /** {@code alarm} led to no action by {@code estimate}. */
  synchronized void weighed(Protection protection, Alarm alarm, RiskEstimate estimate) {
    if (unread(estimate)) {
      Set<Alarm> alarms = waiting.computeIfAbsent(protection, _ -> new LinkedHashSet<>());
      if (alarms.add(alarm) && alarms.size() > REMEMBERED) {
        alarms.remove(alarms.iterator().next());
      }
    }
  }

  /** What is to be weighed again, now that the value at risk is {@code estimate}. */
  synchronized List<Alarm> seen(Protection protection, RiskEstimate estimate) {
    Set<Alarm> alarms = unread(estimate) ? null : waiting.remove(protection);
    return alarms == null ? List.of() : List.copyOf(alarms);
  }

  private static boolean unread(RiskEstimate estimate) {
    return switch (estimate) {
      case RiskEstimate.Priced _ -> false;
      case RiskEstimate.Unknown(RiskEstimate.Why why, _) ->
          switch (why) {
            case BALANCE_UNREAD, PRICE_UNREAD -> true;
            case NOTHING_LISTED, PRICE_STALE -> false;
          };
    };
  }
}
