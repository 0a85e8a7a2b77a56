package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import java.time.Instant;

/** Reads from the chain whether the pause that a mandate made still stands. Thread-safe. */
public interface PauseView {
  /** How the pause of {@code mandate} stands at {@code guardian}. */
  Standing standing(AccountId guardian, Hash32 mandate);

  /** What the guardian says. */
  sealed interface Standing {
    /**
     * It stands.
     *
     * @param until when anyone may release it
     * @param ratified whether the owner made it his own, so that it no longer ends by itself
     * @param paused whether the target still reads paused; if not, it was undone by hand
     */
    record InForce(Instant until, boolean ratified, boolean paused) implements Standing {}

    /** There is none: it was released, or never made. */
    record Over() implements Standing {}

    /** The endpoints could not say, or do not agree. */
    record Unavailable(String reason) implements Standing {}
  }
}
