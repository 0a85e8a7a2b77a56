package io.tocsin.identity;

import io.tocsin.base.Bytes;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Signer;
import io.tocsin.crypto.Topic;
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
  /** Rosters among members; whoever sends one, only the signatures in it count. */
  public static final Topic<SignedRoster> TOPIC =
      new Topic<>("roster", SignedRoster::decode, 256 << 10);

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

  /** The wire form: the roster's object in a federation file, as canonical JSON. */
  public Bytes encode() {
    return CanonicalJson.write(RosterJson.write(this));
  }

  /**
   * Reads the wire form; nothing is verified but its form and hash.
   *
   * @throws MalformedException if {@code wire} is anything else
   */
  public static SignedRoster decode(Bytes wire) throws MalformedException {
    return RosterJson.roster(Json.parseForeign(wire.toArray()), "roster");
  }

  /** This roster with those signatures of {@code others} that it lacks. */
  SignedRoster with(List<Endorsement> others) {
    List<Endorsement> all = new ArrayList<>(endorsements);
    for (Endorsement one : others) {
      if (all.stream().noneMatch(e -> e.signer().equals(one.signer()))) {
        all.add(one);
      }
    }
    return new SignedRoster(roster, all);
  }
}
