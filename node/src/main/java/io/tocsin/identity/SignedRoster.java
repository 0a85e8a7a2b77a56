package io.tocsin.identity;

import io.tocsin.base.Hash32;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Signer;
import java.util.ArrayList;
import java.util.List;

/**
 * A roster with the votes for it: each is an {@code Attestation} that confirms the claim {@code
 * RosterChanged(epoch, hash)}, made in the epoch before (epoch 0 for the founding roster, which all
 * founders sign).
 *
 * @param endorsements ascending by signer, each signer once
 */
public record SignedRoster(Roster roster, List<Endorsement> endorsements) {
  /** Sorts the endorsements. */
  public SignedRoster {
    endorsements = endorsements.stream().sorted().toList();
    for (int i = 1; i < endorsements.size(); i++) {
      if (endorsements.get(i).signer().equals(endorsements.get(i - 1).signer())) {
        throw new IllegalArgumentException(
            "signatures: " + endorsements.get(i).signer() + " appears twice");
      }
    }
  }

  /** The struct each signer signs in the federation's domain. */
  public static Hash32 ballot(Roster roster) {
    Hash32 claimId = Ballot.rosterChanged(roster.epoch(), roster.hash());
    return Ballot.attestation(claimId, roster.epoch() - 1, Ballot.CONFIRM);
  }

  /** This roster with the signature of {@code attest}, replacing an earlier one of it. */
  public SignedRoster endorse(Signer attest, Domain domain) {
    List<Endorsement> all = new ArrayList<>(endorsements);
    all.removeIf(endorsement -> endorsement.signer().equals(attest.address()));
    all.add(new Endorsement(attest.address(), attest.sign(domain, ballot(roster))));
    return new SignedRoster(roster, all);
  }
}
