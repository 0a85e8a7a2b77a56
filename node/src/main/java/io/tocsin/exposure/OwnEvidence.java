package io.tocsin.exposure;

import io.tocsin.base.Address;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.CodeFingerprint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What this node itself saw and read about a claim's transaction and subject, recorded so that
 * every decision can be recomputed. Nothing of a peer enters.
 *
 * @param agreement whether independent endpoints of this node agree on block and trace
 * @param frames the code that the frames working on the subject's storage ran
 * @param reads the contracts on whose answers the subject relied
 */
public record OwnEvidence(
    Sight sight,
    Agreement agreement,
    SubjectFacts subject,
    List<FrameCode> frames,
    List<Read> reads) {
  public OwnEvidence {
    frames = List.copyOf(frames);
    reads = List.copyOf(reads);
  }

  /**
   * The subject as this node's endpoints know it.
   *
   * @param code behind proxies, at the parent block; empty when it could not be read
   * @param knownSince the time of the oldest block at which this node knows the subject had code
   */
  public record SubjectFacts(Optional<CodeFingerprint> code, Optional<Instant> knownSince) {
    /** Nothing is known. */
    public static final SubjectFacts NONE = new SubjectFacts(Optional.empty(), Optional.empty());
  }

  /**
   * The code that one frame ran.
   *
   * @param frame its index in the trace
   * @param code the account whose code ran
   */
  public record FrameCode(int frame, Address code, Optional<CodeFingerprint> fingerprint) {}

  /**
   * One contract took an answer from another: a price, a balance, a rate.
   *
   * @param code of {@code source}, behind proxies, at the parent block
   */
  public record Read(Address reader, Address source, Optional<CodeFingerprint> code) {}

  /** The evidence of a node that saw nothing, and why. */
  public static OwnEvidence none(String reason) {
    return new OwnEvidence(
        new Sight.Unseen(reason),
        new Agreement.Lacking(reason),
        SubjectFacts.NONE,
        List.of(),
        List.of());
  }
}
