package io.tocsin.quorum;

/** The outcome of checking a certificate. */
public sealed interface Check {
  /** It holds. */
  record Valid(QuorumCertificate certificate) implements Check {}

  /** It does not hold. */
  record Invalid(Flaw flaw, String detail) implements Check {}

  /** Why a certificate does not hold. */
  enum Flaw {
    /** The bytes are no certificate. */
    MALFORMED,
    /** The verdict is not Confirm. */
    VERDICT,
    /** No roster of that epoch is known. */
    UNKNOWN_EPOCH,
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
    WEIGHT;

    /** Whether every honest member finds it, whatever rosters and revocations it knows by now. */
    public boolean blames() {
      return switch (this) {
        case MALFORMED, VERDICT, TOO_MANY, DUPLICATE, ORDER, NOT_A_MEMBER, SIGNATURE, WEIGHT ->
            true;
        case UNKNOWN_EPOCH, REVOKED -> false;
      };
    }
  }
}
