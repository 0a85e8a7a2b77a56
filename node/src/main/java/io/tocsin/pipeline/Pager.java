package io.tocsin.pipeline;

import io.tocsin.base.Text;
import java.time.Instant;

/** Calls people who do not watch the log. Returns at once; never throws. */
public interface Pager {
  /** Calls nobody. */
  Pager NONE = _ -> {};

  /** Calls. */
  void page(Page page);

  /**
   * One call.
   *
   * @param node the name of the node that calls
   * @param text a sentence; safe to print
   */
  record Page(String node, Why why, String text, Instant at) {
    public Page {
      text = Text.printable(text);
    }
  }

  /** What a call is about; also the metric's label. */
  enum Why {
    /** The node has started: a call that shows that calls arrive. */
    STARTED,
    /** Something happened to a contract that the owner wants watched, or to one with its code. */
    FOUND,
    /** A contract was paused, by this node or as it found. */
    PAUSED,
    /** A pause ends soon unless its owner does something. */
    PAUSE_ENDS,
    /** A pause was undone, or made again, by hand while its trip stands. */
    PAUSE_UNDONE,
    /** A pause was asked for and could not be made. */
    PAUSE_FAILED,
    /** A responder could not act if it had to, or can again. */
    NOT_READY,
    /** What was done rests on a claim that is withdrawn; its owner must look at it. */
    WITHDRAWN,
    /** Something waits for a person to decide. */
    WAITS,
    /** An endpoint, a subscription or a member went quiet, or is back. */
    QUIET,
    /** There is more to do than can be done; what matters least is left out. */
    OVERLOADED,
    /** A drill: nothing happened. */
    DRILL,
    /** The node's clock and a chain's newest block are far apart. */
    CLOCK,
    /** This node cannot do its work, because its disk is full perhaps; it tries again. */
    STUCK,
    /** A member contradicted itself. */
    EQUIVOCATION
  }
}
