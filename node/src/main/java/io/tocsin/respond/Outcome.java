package io.tocsin.respond;

import io.tocsin.base.Hash32;
import java.time.Instant;

/** What became of a permit. */
public sealed interface Outcome {
  /** The target is paused. */
  record Done(Receipt receipt) implements Outcome {}

  /** The target is not paused by this permit, for certain. */
  record Refused(Refusal reason, String detail) implements Outcome {}

  /** It may or may not have happened: to be settled by reading the chain, never by repeating. */
  record Unknown(String detail) implements Outcome {}

  /** Whether this permit changed anything. */
  enum Effect {
    /** The trip stands: it paused the target, or took over an earlier trip's pause. */
    PAUSED,
    /** The target was paused before, and nothing was spent: as good. */
    ALREADY_PAUSED
  }

  /** Why a permit came to nothing; also the metric's label. */
  enum Refusal {
    /** The simulation before sending failed. */
    SIMULATION_FAILED,
    /** The guardian contract refused. */
    REVERTED,
    /** No endpoint took the transaction. */
    NOT_ACCEPTED,
    /** The responder's key cannot pay or cannot sign. */
    NO_MEANS,
    /** The gas budget of the last 24 hours leaves no room for it. */
    GAS_BUDGET,
    /** The value at risk does not pay for a place in a block. */
    NOT_WORTH_IT,
    /** The transaction can no longer be mined. */
    DROPPED
  }

  /**
   * What the chain shows.
   *
   * @param transaction of this permit; zero if none was needed
   * @param block the number of the block that shows the pause
   * @param evidence the result of the simulation before sending, for people
   */
  record Receipt(
      Effect effect, Hash32 transaction, long block, Instant blockTime, String evidence) {}
}
