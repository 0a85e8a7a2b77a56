package io.tocsin.identity;

/** Why a roster or a revocation does not count. */
public enum RosterFault {
  /** The epoch does not follow the latest one. */
  EPOCH,
  /** It does not name the latest roster as its parent. */
  PARENT,
  /** Its epoch already has another roster. */
  FORK,
  /** Its term begins no later than that of the roster before. */
  TERM,
  /** A member did not sign its record, is revoked, or was never one. */
  MEMBER,
  /** Too few, or wrong, signatures. */
  SIGNATURES
}
