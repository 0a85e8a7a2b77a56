package io.tocsin.policy;

import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.quorum.QuorumCertificate;
import java.util.List;

/** What an action rests on, with the Merkle proof that its subject is permitted. */
public sealed interface Trigger {
  /** What happened. */
  Claim claim();

  /** The proof for the mandate's root of permitted subjects. */
  List<Hash32> proof();

  /** The town's word. */
  record Certified(QuorumCertificate certificate, List<Hash32> proof) implements Trigger {
    public Certified {
      proof = List.copyOf(proof);
    }

    @Override
    public Claim claim() {
      return certificate.claim();
    }
  }

  /** This node's own word about its own contract. */
  record Local(Claim claim, List<Hash32> proof) implements Trigger {
    public Local {
      proof = List.copyOf(proof);
    }
  }
}
