package io.tocsin.gossip;

/** Why an envelope was passed over without blame; also the metric label. */
public enum IgnoreReason {
  /** The same envelope was admitted before or is being admitted now. */
  DUPLICATE,
  /** The author is no member by our roster, which may be older or newer than the peer's. */
  AUTHOR_UNKNOWN,
  /** Kept for the author's order, but nobody here listens to its topic. */
  TOPIC_UNKNOWN,
  /** Kept for the author's order, but the payload its author signed cannot be read. */
  PAYLOAD_UNREADABLE,
  /** The author signed another envelope under the same sequence; both are kept as evidence. */
  EQUIVOCATION,
  /** The author sent more than its share; what is left out is fetched later. */
  AUTHOR_OVER_QUOTA,
  /** A predecessor is missing and there is no room left to wait for it. */
  NO_ROOM_TO_WAIT,
  /** Something failed on our side. */
  OUR_FAILURE
}
