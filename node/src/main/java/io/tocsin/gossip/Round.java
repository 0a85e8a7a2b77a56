package io.tocsin.gossip;

import io.tocsin.crypto.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What became of several frames at the door. Owned by the thread that brought them.
 *
 * @param admitted one for each frame, in the same order
 * @param kept what was added to the log and is to be forwarded, in the authors' order
 * @param evidence contradicting envelopes seen for the first time, to be forwarded too
 */
record Round(List<Admitted> admitted, List<Candidate> kept, List<Candidate> evidence) {
  Round() {
    this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /**
   * What became of one frame.
   *
   * @param envelope what it held; empty when it did not decode
   */
  record Admitted(AdmissionResult result, Optional<Envelope> envelope) {}
}
