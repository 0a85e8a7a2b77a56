package io.tocsin.app.demo;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.ChainEvent;
import io.tocsin.claim.Claim;
import io.tocsin.pipeline.Observer;
import io.tocsin.pipeline.Stage;
import io.tocsin.policy.Case;
import io.tocsin.policy.Decision;
import io.tocsin.quorum.Opinion;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * When the members took which step about which attack, by {@link System#nanoTime}. The first sight
 * is the earliest at any member; every other step is the defender's own. Thread-safe.
 */
final class PauseClock {
  /** What is timed, in the order of the flow with a certificate. */
  enum Step {
    /** The call tree of the pending transaction is here, from both endpoints. */
    TRACED,
    /** A detector found the exploit. */
    DETECTED,
    /** The own report is signed. */
    REPORTED,
    /** It was tried in changed surroundings, and an opinion formed. */
    JUDGED,
    /** The own verdict is durable and published. */
    ATTESTED,
    /** A certificate is here. */
    CERTIFIED,
    /** The mandate was applied. */
    DECIDED,
    /** The interlock granted the permit, which is durable. */
    GRANTED,
    /** An endpoint took the transaction that pauses. */
    ACCEPTED,
    /** It is mined, and the outcome on record. */
    ENDED
  }

  private final String defender;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Map<Hash32, Long> seen = new HashMap<>();
  private final Map<Hash32, Map<Step, Long>> steps = new HashMap<>();
  private final Map<String, Long> heads = new HashMap<>();
  private final List<String> against = new ArrayList<>();

  /** A clock for what leads to pauses by the member called {@code defender}. */
  PauseClock(String defender) {
    this.defender = defender;
  }

  /** The observer of the member {@code node}. */
  Observer observer(String node) {
    boolean own = node.equals(defender);
    return new Observer() {
      @Override
      public void stage(Stage stage, ChainId chain, Hash32 tx, Duration sinceSeen) {
        long now = System.nanoTime();
        switch (stage) {
          case SIMULATED -> {
            sight(tx, now - sinceSeen.toNanos());
            note(own, tx, Step.TRACED, now);
          }
          case DETECTED -> note(own, tx, Step.DETECTED, now);
          case SIGNED -> note(own, tx, Step.REPORTED, now);
          case ATTESTED -> note(own, tx, Step.ATTESTED, now);
          case CERTIFIED -> note(own, tx, Step.CERTIFIED, now);
          case DECIDED -> note(own, tx, Step.DECIDED, now);
          case SENT -> note(own, tx, Step.ACCEPTED, now);
          case SEEN, ADMITTED, INCLUDED, WITHDRAWN -> {}
        }
      }

      @Override
      public void judged(Claim claim, Opinion opinion) {
        note(own, claim, Step.JUDGED);
      }

      @Override
      public void decided(Case asked, Decision decision) {
        if (!(decision instanceof Decision.Act)) {
          object(node + " decided " + decision);
        }
      }

      @Override
      public void ruled(Case asked, Ruling ruling) {
        switch (ruling) {
          case Ruling.Granted _ -> note(own, asked.occasion().alarm().claim(), Step.GRANTED);
          case Ruling.Held held -> object(node + " ruled " + held.detail());
        }
      }

      @Override
      public void acted(Permit permit, Outcome outcome) {
        if (!(outcome instanceof Outcome.Done)) {
          object(node + " ended with " + outcome);
        }
        note(own, permit.action().trigger().claim(), Step.ENDED);
      }

      @Override
      public void advanced(ChainEvent.HeadAdvanced advanced) {
        change(() -> heads.put(node, advanced.head().number()));
      }
    };
  }

  private void change(Runnable what) {
    lock.lock();
    try {
      what.run();
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void sight(Hash32 tx, long nanos) {
    change(() -> seen.merge(tx, nanos, Math::min));
  }

  private void note(boolean own, Claim claim, Step step) {
    long now = System.nanoTime();
    if (claim instanceof Claim.ExploitPending pending) {
      note(own, pending.tx(), step, now);
    }
  }

  private void note(boolean own, Hash32 tx, Step step, long nanos) {
    if (own) {
      change(
          () ->
              steps
                  .computeIfAbsent(tx, _ -> new EnumMap<>(Step.class))
                  .merge(step, nanos, Math::min));
    }
  }

  private void object(String sentence) {
    change(() -> against.add(sentence));
  }

  /** What stood in the way of a pause, so far. */
  List<String> objections() {
    lock.lock();
    try {
      return List.copyOf(against);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the defender has taken {@code step} about {@code attack}. */
  boolean await(Hash32 attack, Step step, Duration patience) throws InterruptedException {
    return await(() -> steps.getOrDefault(attack, Map.of()).containsKey(step), patience);
  }

  /** Waits until so many members have dealt with block {@code number}. */
  boolean await(long number, int members, Duration patience) throws InterruptedException {
    return await(
        () -> heads.values().stream().filter(head -> head >= number).count() >= members, patience);
  }

  private boolean await(BooleanSupplier condition, Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lock();
    try {
      while (!condition.getAsBoolean() && nanos > 0) {
        nanos = news.awaitNanos(nanos);
      }
      return condition.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /** Milliseconds from the first sight of {@code attack} to each step that was taken. */
  Map<Step, Double> times(Hash32 attack) {
    lock.lock();
    try {
      Map<Step, Double> times = new EnumMap<>(Step.class);
      long from = seen.getOrDefault(attack, Long.MAX_VALUE);
      steps
          .getOrDefault(attack, Map.of())
          .forEach((step, nanos) -> times.put(step, (nanos - from) / 1e6));
      return times;
    } finally {
      lock.unlock();
    }
  }
}
