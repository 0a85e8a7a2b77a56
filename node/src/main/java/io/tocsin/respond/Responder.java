package io.tocsin.respond;

import java.util.Optional;

/** Carries out permits; the only outward effect of a node. Thread-safe. */
public interface Responder {
  /** Carries out a permit that was never tried before, and waits for its outcome. */
  Outcome execute(Permit permit);

  /**
   * Finds out what became of a permit that was tried before, by reading the chain; sends nothing.
   * {@link Outcome.Refused} then means that it can be tried again.
   */
  Outcome settle(Permit permit);

  /**
   * Why it could not act now, such as an empty account or endpoints that do not answer; empty if it
   * could. Cheap, and in the same words while the reason is the same.
   */
  Optional<String> unready();
}
