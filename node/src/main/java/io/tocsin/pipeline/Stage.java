package io.tocsin.pipeline;

import java.util.Locale;

/** The stages of an alarm, in order; each is timed from the first sight of its transaction. */
public enum Stage {
  /** An endpoint told of the transaction, or a member of a transaction this node does not watch. */
  SEEN,
  /** Its call tree is here. */
  SIMULATED,
  /** A detector found an exploit. */
  DETECTED,
  /** A report of this node is signed. */
  SIGNED,
  /** A report was admitted. */
  ADMITTED,
  /** This node signed its verdict. */
  ATTESTED,
  /** A certificate exists. */
  CERTIFIED,
  /** A mandate was applied. */
  DECIDED,
  /** The responder's transaction was accepted. */
  SENT,
  /** It is mined. */
  INCLUDED,
  /** An all-clear voided the claim, because its block left the chain. */
  WITHDRAWN;

  /** The name in metrics and JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
