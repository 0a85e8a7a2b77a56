package io.tocsin.pipeline;

import io.tocsin.chain.Agreement;
import io.tocsin.claim.Claim;
import io.tocsin.policy.Alarm;
import io.tocsin.policy.Case.Occasion;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Protection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The last {@value #REMEMBERED} alarms about mined exploits of each protection that came while this
 * node's endpoints did not agree on what happened: they are weighed again when they do, until they
 * are too old to act on. Thread-safe.
 */
final class Unagreed {
  private static final int REMEMBERED = 16;

  private final Function<Alarm, Occasion> occasions;
  private final BiConsumer<Protection, Occasion> defence;
  private final Executor workers;
  private final PipelineLog log;
  private final Map<Protection, Set<Alarm>> waiting = new HashMap<>();
  private final Set<Protection> looking = ConcurrentHashMap.newKeySet();

  /**
   * None yet.
   *
   * @param occasions say what this node knows of an alarm now
   * @param defence weighs one
   */
  Unagreed(
      Function<Alarm, Occasion> occasions,
      BiConsumer<Protection, Occasion> defence,
      Executor workers,
      PipelineLog log) {
    this.occasions = occasions;
    this.defence = defence;
    this.workers = workers;
    this.log = log;
  }

  /** {@code protection} weighs an alarm by {@code occasion}. */
  synchronized void weighs(Protection protection, Occasion occasion) {
    Set<Alarm> alarms = waiting.computeIfAbsent(protection, _ -> new LinkedHashSet<>());
    if (!waits(occasion)) {
      alarms.remove(occasion.alarm());
    } else if (alarms.add(occasion.alarm()) && alarms.size() > REMEMBERED) {
      alarms.remove(alarms.iterator().next());
    }
  }

  private static boolean waits(Occasion occasion) {
    return occasion.own().agreement() instanceof Agreement.Lacking
        && occasion.alarm().claim() instanceof Claim.ExploitMined mined
        && mined.block().time().isAfter(occasion.now().minus(Limits.MAX_AGE));
  }

  private synchronized List<Alarm> of(Protection protection) {
    return List.copyOf(waiting.getOrDefault(protection, Set.of()));
  }

  /** There is a new block; one look a protection at a time, apart from the flow. */
  void look(Protection protection) {
    if (!of(protection).isEmpty() && looking.add(protection)) {
      workers.execute(
          log.guarded(
              "looking again at alarms of " + protection.interest().name(),
              () -> {
                try {
                  of(protection).forEach(alarm -> look(protection, alarm));
                } finally {
                  looking.remove(protection);
                }
              }));
    }
  }

  private void look(Protection protection, Alarm alarm) {
    Occasion now = occasions.apply(alarm);
    if (!waits(now)) {
      weighs(protection, now);
      if (now.own().agreement().agreed()) {
        defence.accept(protection, now);
      }
    }
  }
}
