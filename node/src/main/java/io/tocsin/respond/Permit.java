package io.tocsin.respond;

import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.StructHash;
import io.tocsin.policy.Action;
import io.tocsin.policy.Trigger;
import java.time.Instant;

/** Leave to carry out one action once; only the interlock grants it. */
public final class Permit {
  private final Action action;
  private final Instant granted;

  Permit(Action action, Instant granted) {
    this.action = action;
    this.granted = granted;
  }

  /** What is permitted. */
  public Action action() {
    return action;
  }

  /** When it was granted. */
  public Instant granted() {
    return granted;
  }

  /**
   * The idempotency key: the same for the same guardian, mandate, kind of claim, chain and
   * transaction, whatever the certificate and the time.
   */
  public Hash32 digest() {
    return digest(action);
  }

  static Hash32 digest(Action action) {
    Claim claim = action.trigger().claim();
    long kind =
        switch (action.trigger()) {
          case Trigger.Certified _ -> claim.kind().code();
          case Trigger.Local _ -> 0;
        };
    Hash32 tx =
        switch (claim) {
          case Claim.ExploitMined mined -> mined.tx();
          case Claim.ExploitPending pending -> pending.tx();
          case Claim.AllClear clear -> clear.claimId();
          case Claim.RosterChanged changed -> changed.rosterHash();
        };
    return StructHash.of(
            "Permit(string guardian,bytes32 mandate,uint8 kind,string chain,bytes32 tx)")
        .string(action.guardian().toString())
        .bytes32(action.mandateId())
        .uint(kind)
        .string(claim.where().map(Object::toString).orElse(""))
        .bytes32(tx)
        .hash();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Permit p && action.equals(p.action) && granted.equals(p.granted);
  }

  @Override
  public int hashCode() {
    return digest().hashCode();
  }

  @Override
  public String toString() {
    return "Permit[" + digest() + "]";
  }
}
