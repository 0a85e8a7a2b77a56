package io.tocsin.pipeline;

import io.tocsin.audit.Step;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.ChainEvent;
import io.tocsin.claim.Claim;
import io.tocsin.detect.Finding;
import io.tocsin.policy.Case;
import io.tocsin.policy.Decision;
import io.tocsin.quorum.Equivocation;
import io.tocsin.quorum.Opinion;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import java.time.Duration;

/** Watches the flow without taking part; every method does nothing unless overridden. */
public interface Observer {
  /** Watches nothing. */
  Observer NONE = new Observer() {};

  /** A stage was reached for the first time for a transaction, so long after the first sight. */
  default void stage(Stage stage, ChainId chain, Hash32 tx, Duration sinceSeen) {}

  /** The own detectors found something. */
  default void found(ChainEvent.Traced traced, Finding finding) {}

  /** This node, or a member whose report was admitted, claims something; told more than once. */
  default void claimed(Claim claim) {}

  /** A claim was judged. */
  default void judged(Claim claim, Opinion opinion) {}

  /** A certificate formed or arrived. */
  default void certified(QuorumCertificate certificate) {}

  /** A claim was withdrawn; told more than once. */
  default void withdrawn(Claim.AllClear clear) {}

  /** A member contradicted itself. */
  default void equivocated(Equivocation evidence) {}

  /** A member signed two messages under one sequence. */
  default void doubled(Address member, long sequence) {}

  /** A mandate was applied. */
  default void decided(Case asked, Decision decision) {}

  /** The interlock ruled. */
  default void ruled(Case asked, Ruling ruling) {}

  /** A permit was carried out. */
  default void acted(Permit permit, Outcome outcome) {}

  /** A drill that this node sent is over, or was refused. */
  default void drilled(Step.Drilled drill) {}

  /** Nothing is heard of a member, or it is heard again. */
  default void member(Address member, boolean silent) {}

  /** Something the node depends on failed. */
  default void trouble(ChainEvent.Trouble trouble) {}

  /** A new head was processed. */
  default void advanced(ChainEvent.HeadAdvanced advanced) {}
}
