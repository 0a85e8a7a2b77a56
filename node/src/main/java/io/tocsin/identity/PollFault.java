package io.tocsin.identity;

/** Why signatures do not amount to a quorum. */
public enum PollFault {
  /** There are more signatures than members. */
  TOO_MANY,
  /** A signer appears twice. */
  DUPLICATE,
  /** Signers are not in ascending order. */
  ORDER,
  /** A signer has no seat in that epoch. */
  NOT_A_MEMBER,
  /** A signature does not hold. */
  SIGNATURE,
  /** Without the revoked members the weight does not suffice. */
  REVOKED,
  /** The weight does not exceed two thirds. */
  WEIGHT
}
