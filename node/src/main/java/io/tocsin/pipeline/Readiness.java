package io.tocsin.pipeline;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.respond.Responder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks responders, before there is need, whether they could act, and calls the operator when the
 * answer changes. Thread-safe.
 */
final class Readiness {
  private static final Duration APART = Duration.ofMinutes(1);

  private final List<Asked> all;
  private final Records records;
  private final Map<Responder, Instant> due = new ConcurrentHashMap<>();
  private final Map<Responder, String> faults = new ConcurrentHashMap<>();

  /** One responder and the guardians it serves. */
  private record Asked(Responder responder, Set<AccountId> guardians) {
    boolean on(ChainId chain) {
      return guardians.stream().anyMatch(guardian -> guardian.chain().equals(chain));
    }
  }

  Readiness(Map<AccountId, Responder> responders, Records records) {
    Map<Responder, Set<AccountId>> served = new HashMap<>();
    responders.forEach(
        (guardian, responder) ->
            served.computeIfAbsent(responder, _ -> new TreeSet<>()).add(guardian));
    this.all = served.entrySet().stream().map(e -> new Asked(e.getKey(), e.getValue())).toList();
    this.records = records;
  }

  /** Asks all. */
  void look() {
    all.forEach(this::ask);
  }

  /** Asks those that serve {@code chain}, each at most once a minute. */
  void look(ChainId chain) {
    all.stream().filter(asked -> asked.on(chain)).forEach(this::ask);
  }

  private void ask(Asked asked) {
    Instant now = records.clock().instant();
    Instant next = now.plus(APART);
    Instant old = due.putIfAbsent(asked.responder(), next);
    if (old != null && (now.isBefore(old) || !due.replace(asked.responder(), old, next))) {
      return;
    }
    Optional<String> fault = asked.responder().unready();
    String before = Optional.ofNullable(faults.put(asked.responder(), fault.orElse(""))).orElse("");
    if (!before.equals(fault.orElse(""))) {
      String what =
          "the responder of "
              + asked.guardians()
              + fault.map(why -> " could not pause now: " + why).orElse(" is ready again");
      records.log().readiness(what);
      records.call(Pager.Why.NOT_READY, what);
    }
  }
}
