package io.tocsin.quorum;

import io.tocsin.base.Hash32;
import java.util.Optional;

/**
 * This member's own verdicts, each final across epochs, restarts and rule versions. Thread-safe.
 */
public interface VerdictBook {
  /** The verdict that stands on a claim. */
  Optional<Verdict> verdict(Hash32 claimId);

  /**
   * Makes {@code verdict} the final one unless there is one already, and answers the one that
   * stands. It is on the disk before anything that this member publishes afterwards is sent.
   */
  Verdict record(Hash32 claimId, Verdict verdict);
}
