package io.tocsin.policy;

/** What follows from a claim for one mandate. */
public sealed interface Decision {
  /** Nothing to do. */
  record Observe(Reason reason, String detail) implements Decision {}

  /**
   * Someone must look; nothing is done.
   *
   * @param humanHold whether whatever follows for this mandate waits for a human
   */
  record Alert(Reason reason, String detail, boolean humanHold) implements Decision {}

  /** The lever shall be pulled, if the interlock permits. */
  record Act(Action action) implements Decision {}
}
