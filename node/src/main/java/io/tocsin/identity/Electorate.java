package io.tocsin.identity;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.SignatureMemo;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one count of signatures: the members of a roster, less those revoked.
 *
 * @param revoked accounts whose signature weighs nothing
 */
record Electorate(Roster roster, Set<Address> revoked) {
  Electorate {
    revoked = Set.copyOf(revoked);
  }

  Poll count(List<Endorsement> endorsements, Hash32 digest, SignatureMemo memo) {
    if (endorsements.size() > roster.members().size()) {
      return new Poll.Faulty(PollFault.TOO_MANY, "more signatures than members");
    }
    long weight = 0;
    long discounted = 0;
    Address previous = null;
    for (Endorsement endorsement : endorsements) {
      Address signer = endorsement.signer();
      int order = previous == null ? -1 : previous.compareTo(signer);
      if (order == 0) {
        return new Poll.Faulty(PollFault.DUPLICATE, signer + " signed twice");
      }
      if (order > 0) {
        return new Poll.Faulty(PollFault.ORDER, signer + " stands after a higher account");
      }
      previous = signer;
      Optional<Member> member = roster.member(signer);
      if (member.isEmpty()) {
        return new Poll.Faulty(
            PollFault.NOT_A_MEMBER, signer + " has no seat in epoch " + roster.epoch());
      }
      PublicKey key = member.get().key();
      if (!memo.verify(endorsement.signature(), digest, key)) {
        return new Poll.Faulty(PollFault.SIGNATURE, signer + " did not sign this");
      }
      if (revoked.contains(signer)) {
        discounted += member.get().weight();
      } else {
        weight += member.get().weight();
      }
    }
    if (!roster.quorum(weight)) {
      PollFault fault = roster.quorum(weight + discounted) ? PollFault.REVOKED : PollFault.WEIGHT;
      return new Poll.Faulty(
          fault, "weight " + weight + " of the " + roster.quorumWeight() + " needed");
    }
    return new Poll.Carried(weight);
  }
}
