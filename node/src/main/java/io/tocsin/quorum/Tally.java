package io.tocsin.quorum;

/** What one more attestation changed. */
public sealed interface Tally {
  /** Not enough yet. */
  record Pending(long have, long need) implements Tally {}

  /** A quorum confirms: told once a claim and epoch. */
  record Reached(QuorumCertificate certificate) implements Tally {}

  /** It was counted before, or a certificate exists already. */
  record Duplicate() implements Tally {}

  /** The member contradicts itself; it counts for nothing on this claim any more. */
  record Conflict(Equivocation evidence) implements Tally {}

  /** The claim is not known yet; the attestation is kept for when it is. */
  record Buffered() implements Tally {}

  /** It does not count. */
  record Refused(RefusalReason reason) implements Tally {}

  /** Why an attestation does not count. */
  enum RefusalReason {
    /** The attestation is not signed by the author of its envelope. */
    SIGNATURE,
    /** No roster of that epoch is known. */
    UNKNOWN_EPOCH,
    /** The epoch is neither the current one nor the one before within its grace. */
    OTHER_EPOCH,
    /** The author has no seat in that epoch. */
    NOT_A_MEMBER,
    /** The author's key is revoked. */
    REVOKED,
    /** This member has too many attestations waiting for their claims. */
    TOO_MANY_BUFFERED
  }
}
