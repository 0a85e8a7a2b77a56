package io.tocsin.respond;

/** Carries out permits; the only outward effect of a node. Thread-safe. */
public interface Responder {
  /** Carries out a permit that was never tried before, and waits for its outcome. */
  Outcome execute(Permit permit);

  /**
   * Finds out what became of a permit that was tried before, by reading the chain; sends nothing.
   * {@link Outcome.Refused} then means that it can be tried again.
   */
  Outcome settle(Permit permit);
}
