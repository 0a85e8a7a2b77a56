package io.tocsin.pipeline;

import io.tocsin.audit.Step;
import io.tocsin.base.ChainId;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import java.time.Duration;

/**
 * Repeats what must not be skipped until it succeeds, and says so: a full disk stops a chain, it
 * does not make holes in what was looked at. Owned by the thread that follows the chain.
 */
final class Insistence {
  private static final String PLACE = "this node";
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Failures after which what fails by itself may be put on record instead. */
  private static final int TRIES = 5;

  private final ChainId chain;
  private final Records records;
  private boolean stuck;

  Insistence(ChainId chain, Records records) {
    this.chain = chain;
    this.records = records;
  }

  /** Repeats {@code work} until it succeeds. */
  void on(String what, Runnable work) throws InterruptedException {
    repeat(what, work, false);
  }

  /**
   * Repeats {@code work} until it succeeds, or until it failed often and that could be made
   * durable: then it is not the disk that fails, and one transaction must not stop the chain.
   */
  void orRecord(String what, Runnable work) throws InterruptedException {
    repeat(what, work, true);
  }

  private void repeat(String what, Runnable work, boolean mayGiveUp) throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    for (int tries = 1; true; tries++) {
      try {
        work.run();
        over();
        return;
      } catch (RuntimeException e) {
        tell(what, e);
        if (mayGiveUp && tries >= TRIES && recorded(what, e)) {
          over();
          return;
        }
      }
      Thread.sleep(pause);
      Duration next = pause.multipliedBy(2);
      pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }
  }

  private boolean recorded(String what, RuntimeException failure) {
    try {
      records.audit().append(new Step.Trouble(PLACE, "UNHANDLED", what + ": " + failure));
      records.audit().flush();
      return true;
    } catch (IllegalStateException e) {
      records.log().failed("the record of a failure", e);
      return false;
    }
  }

  private void tell(String what, RuntimeException failure) {
    records.log().failed(what, failure);
    if (!stuck) {
      stuck = true;
      String text = what + " failed, and is tried again: " + failure;
      records.observer().trouble(new Trouble(chain, PLACE, TroubleKind.STUCK, text));
      records.call(Pager.Why.STUCK, chain + ": " + text);
    }
  }

  private void over() {
    if (stuck) {
      stuck = false;
      records
          .observer()
          .trouble(new Trouble(chain, PLACE, TroubleKind.RECOVERED, "the chain goes on"));
      records.call(Pager.Why.STUCK, chain + ": the chain goes on");
    }
  }
}
