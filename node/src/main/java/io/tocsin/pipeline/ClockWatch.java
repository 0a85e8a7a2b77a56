package io.tocsin.pipeline;

import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Compares the node's clock with the blocks of one chain. Claims are dated by blocks and judged by
 * the clock, so that a clock that is wrong disarms the node, and must be loud. Owned by the thread
 * that follows the chain.
 *
 * <p>A block says what time it is only when it is new: when, since an earlier one, no more time has
 * passed on the chain than here. While blocks are read that were missed, nothing is compared.
 */
final class ClockWatch {
  /** A block may be this far ahead of a clock that is right: what policy forgives too. */
  static final Duration BEHIND = Duration.ofSeconds(15);

  /**
   * A clock may be this far ahead of the newest block: a chain may pause, and claims live longer.
   */
  static final Duration AHEAD = Duration.ofMinutes(5);

  private static final String PLACE = "this node's clock";
  private static final Duration APART = Duration.ofSeconds(2);
  private static final int REMEMBERED = 64;

  private final ChainId chain;
  private final Clocks clocks;
  private final Deque<Sight> before = new ArrayDeque<>();
  private boolean wrong;

  private record Sight(Instant block, Instant here) {}

  ClockWatch(ChainId chain, Clocks clocks) {
    this.chain = chain;
    this.clocks = clocks;
  }

  /** A block was dealt with; what there is to say about the clock, once each time it changes. */
  Optional<Trouble> advanced(BlockRef head) {
    Sight now = new Sight(head.time(), clocks.steady().instant());
    boolean fresh = fresh(now);
    before.addLast(now);
    if (before.size() > REMEMBERED) {
      before.removeFirst();
    }
    if (!fresh) {
      return Optional.empty();
    }
    Instant clock = clocks.wall().instant();
    Duration ahead = Duration.between(head.time(), clock);
    boolean off = ahead.compareTo(AHEAD) > 0 || ahead.compareTo(BEHIND.negated()) < 0;
    if (off == wrong) {
      return Optional.empty();
    }
    wrong = off;
    return Optional.of(
        off
            ? new Trouble(chain, PLACE, TroubleKind.CLOCK, sentence(head, clock, ahead))
            : new Trouble(chain, PLACE, TroubleKind.RECOVERED, "it agrees with the blocks again"));
  }

  private boolean fresh(Sight now) {
    Iterator<Sight> latest = before.descendingIterator();
    while (latest.hasNext()) {
      Sight earlier = latest.next();
      Duration there = Duration.between(earlier.block, now.block);
      if (there.compareTo(APART) >= 0) {
        return there.compareTo(Duration.between(earlier.here, now.here).multipliedBy(2)) <= 0;
      }
    }
    return false;
  }

  private static String sentence(BlockRef head, Instant clock, Duration ahead) {
    return "the clock says "
        + clock
        + ", but the newest block is of "
        + head.time()
        + ": it is "
        + ahead.abs().toSeconds()
        + (ahead.isNegative() ? " s behind" : " s ahead")
        + ". Nothing is done meanwhile about claims that look too old or from the future. Set the"
        + " clock (is NTP running?), or, if it is right, look whether the endpoints show an old"
        + " chain";
  }
}
