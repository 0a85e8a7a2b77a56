package io.tocsin.adapter.mesh;

/** Why a connection did not become a link; also the metric label. */
enum Refusal {
  /** The TLS handshake failed: no TLS 1.3, no certificate, or not the key of a member. */
  TLS_FAILED,
  /** What came after TLS is no hello. */
  BAD_HELLO,
  /** It belongs to another federation. */
  WRONG_FEDERATION,
  /** The account is no member, or not the one that was dialled. */
  NOT_A_MEMBER,
  /** The TLS key is not the one the roster names for the account. */
  WRONG_TLS_KEY,
  /** The account's key did not sign this session. */
  BAD_SIGNATURE,
  /** The member is shut out for a while. */
  BANNED,
  /** It took too long, or the connection broke. */
  TOO_SLOW_OR_BROKEN,
  /** Too many connections that have not said hello. */
  TOO_MANY,
  /** There is a link to this member already, and both sides keep that one. */
  SECOND_LINK
}
