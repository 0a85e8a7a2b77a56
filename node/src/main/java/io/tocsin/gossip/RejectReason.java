package io.tocsin.gossip;

/** Why an envelope was refused, to the blame of the peer that sent it; also the metric label. */
public enum RejectReason {
  /** Larger than any envelope, or than its topic allows. */
  OVERSIZE,
  /** Not the canonical wire form of an envelope. */
  MALFORMED,
  /** The author did not sign these bytes in this federation. */
  BAD_SIGNATURE,
  /** Its own author sent a payload that cannot be read. */
  AUTHOR_SENT_UNREADABLE
}
