package io.tocsin.policy;

/** What follows from a claim for one mandate. */
public sealed interface Decision {
  /** Nothing to do. */
  record Observe(Reason reason, String detail) implements Decision {}

  /**
   * Someone must look; nothing is done.
   *
   * @param humanHold whether this claim waits for a human: nothing automatic follows from it for
   *     this mandate, while other claims do as before, so that a decoy disarms nothing
   */
  record Alert(Reason reason, String detail, boolean humanHold) implements Decision {}

  /** The lever shall be pulled, if the interlock permits. */
  record Act(Action action) implements Decision {}
}
