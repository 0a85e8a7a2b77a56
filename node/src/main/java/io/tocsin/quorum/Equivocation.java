package io.tocsin.quorum;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Rlp;
import io.tocsin.identity.Member;
import io.tocsin.identity.Rosters;
import java.util.List;
import java.util.Optional;

/**
 * Proof that a member lied once at least: it signed opposite verdicts on one claim, in whatever
 * epochs. Anyone with the rosters can check it.
 */
public record Equivocation(Address member, Attestation confirmed, Attestation refuted) {
  public Equivocation {
    if (confirmed.verdict() != Verdict.CONFIRM
        || refuted.verdict() != Verdict.REFUTE
        || !confirmed.claimId().equals(refuted.claimId())) {
      throw new IllegalArgumentException("these attestations do not contradict each other");
    }
  }

  /** The claim judged both ways. */
  public Hash32 claimId() {
    return confirmed.claimId();
  }

  /** Whether both signatures are those of a member of the epochs they name, revoked or not. */
  public boolean proven(Rosters rosters) {
    return signed(confirmed, rosters) && signed(refuted, rosters);
  }

  private boolean signed(Attestation attestation, Rosters rosters) {
    Optional<PublicKey> key = rosters.member(attestation.epoch(), member).map(Member::key);
    return key.isPresent() && attestation.signedBy(key.get(), rosters.federation().domain());
  }

  /** The wire form: RLP {@code [member, confirmation, refutation]}, each as bytes. */
  public Bytes encode() {
    return Rlp.encode(List.of(member, confirmed.encode(), refuted.encode()));
  }

  /**
   * Reads the wire form.
   *
   * @throws MalformedException if {@code wire} is anything else
   */
  public static Equivocation decode(Bytes wire) throws MalformedException {
    Rlp.Reader reader = Rlp.read(wire, "equivocation");
    Address member = reader.address("member");
    Attestation confirmed = Attestation.decode(reader.bytes("confirmed"));
    Attestation refuted = Attestation.decode(reader.bytes("refuted"));
    reader.end();
    try {
      return new Equivocation(member, confirmed, refuted);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("equivocation: " + e.getMessage(), e);
    }
  }
}
