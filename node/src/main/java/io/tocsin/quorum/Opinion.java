package io.tocsin.quorum;

import java.time.Instant;

/** What a node makes of a claim; only the first two are ever signed. */
public sealed interface Opinion {
  /** It saw the same. */
  record Confirm() implements Opinion {}

  /** The claim fails on an objective ground. */
  record Refute(RefuteReason reason) implements Opinion {}

  /** It cannot or need not say; this stays local. */
  record Abstain(AbstainReason reason, String detail) implements Opinion {}

  /** Its chain view is not there yet, or not agreed upon: look again at {@code until}. */
  record Wait(Instant until) implements Opinion {}

  /** An objective failure of a claim. */
  enum RefuteReason {
    /** The transaction is not on the canonical chain. */
    TX_ABSENT,
    /** The transaction reverted. */
    REVERTED,
    /** No frame of the transaction touches the subject. */
    SUBJECT_UNTOUCHED,
    /** The block of the claim that an all-clear would void is canonical, and lies deep. */
    STILL_CANONICAL
  }

  /** Why a node says nothing. */
  enum AbstainReason {
    /** It does not watch that chain. */
    UNKNOWN_CHAIN,
    /** Its endpoints do not agree, or too few answer. */
    NO_AGREEMENT,
    /** Its endpoints do not answer. */
    UNAVAILABLE,
    /** Its chain view never got as far as the claim. */
    BEHIND,
    /** The transaction is in another block than claimed. */
    OTHER_BLOCK,
    /** The subject is none of the victims of its own scan. */
    NOT_A_VICTIM,
    /** The subject's code differs from the claim's. */
    OTHER_CODE,
    /** Its own scan could not judge. */
    NOT_ANALYSED,
    /** It never saw the pending transaction. */
    NOT_SEEN,
    /** The pending transaction cannot be in the next block, or waits at another place. */
    NOT_INCLUDABLE,
    /** The pending attack does not survive a change of coinbase, number, time or base fee. */
    NOT_ROBUST,
    /** Its own canonical chain does not void the claim in question. */
    NOT_VOIDED,
    /** Only an operator signs for a roster, by hand. */
    OPERATOR_ONLY,
    /** Its first verdict on this claim was the opposite one, and is final. */
    ALREADY_JUDGED,
    /** It has no seat in a roster in force. */
    NO_SEAT
  }
}
