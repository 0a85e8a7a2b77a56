package io.tocsin.gossip;

/** What a peer did wrong on its link; also the metric label. */
public enum Misbehaviour {
  /** Sent an envelope that the door rejected. */
  BAD_ENVELOPE(20),
  /** Sent bytes that are no message of the protocol. */
  GARBAGE(25),
  /** Announced a frame larger than allowed. */
  OVERSIZE_FRAME(50),
  /** Sent more than its allowance; counted once a second. */
  FLOOD(20),
  /** Signed two messages under one sequence, and sent the second itself. */
  EQUIVOCATION(20),
  /** Signed and sent a verdict or certificate that does not hold. */
  FORGERY(20),
  /** Sent a batch that nobody asked for. */
  UNSOLICITED(2),
  /** Began a frame and did not finish it in time. */
  SLOW(20);

  private final int cost;

  Misbehaviour(int cost) {
    this.cost = cost;
  }

  /** What it takes from the score. */
  int cost() {
    return cost;
  }
}
