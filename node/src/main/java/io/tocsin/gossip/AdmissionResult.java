package io.tocsin.gossip;

import io.tocsin.crypto.Verified;
import java.time.Instant;

/** What the door says to an envelope. */
public sealed interface AdmissionResult {
  /** Kept durably, to be forwarded and handed on. */
  record Accept(Verified<?> message) implements AdmissionResult {}

  /**
   * Rightly signed, but a predecessor of the same author is missing; it waits for it.
   *
   * @param until when it is forgotten if the predecessor has not come
   */
  record Defer(Instant until) implements AdmissionResult {}

  /** Not let in, and nobody is to blame. */
  record Ignore(IgnoreReason reason) implements AdmissionResult {}

  /** Not let in, and the peer that sent it could have known. */
  record Reject(RejectReason reason) implements AdmissionResult {}

  /** The label under which the result is counted. */
  default String label() {
    return switch (this) {
      case Accept _ -> "ACCEPT";
      case Defer _ -> "DEFER";
      case Ignore(IgnoreReason reason) -> reason.name();
      case Reject(RejectReason reason) -> reason.name();
    };
  }
}
