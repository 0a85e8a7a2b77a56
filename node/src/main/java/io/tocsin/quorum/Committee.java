package io.tocsin.quorum;

import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Claim;
import io.tocsin.claim.ClaimWire;
import io.tocsin.crypto.Rlp;
import io.tocsin.crypto.Signature;
import io.tocsin.crypto.Topic;
import io.tocsin.identity.Ballot;
import io.tocsin.identity.Endorsement;
import io.tocsin.identity.Poll;
import io.tocsin.identity.PollFault;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks certificates in full against the roster of their epoch. Thread-safe. */
public final class Committee {
  /** Certificates between members, in wire form; {@link #verify} is the only way to read one. */
  public static final Topic<Bytes> TOPIC = new Topic<>("certificate", payload -> payload, 64 << 10);

  private final Rosters rosters;

  /** The committee of the federation of {@code rosters}. */
  public Committee(Rosters rosters) {
    this.rosters = rosters;
  }

  /** Checks a certificate's wire form. */
  public Check verify(Bytes wire) {
    Claim claim;
    long epoch;
    long verdict;
    List<Endorsement> endorsements = new ArrayList<>();
    try {
      Rlp.Reader reader = Rlp.read(wire, "certificate");
      claim = ClaimWire.read(reader.list("claim"));
      epoch = reader.number("epoch");
      verdict = reader.number("verdict");
      Rlp.Reader signed = reader.list("signatures");
      while (signed.more()) {
        if (endorsements.size() == Roster.MAX_MEMBERS) {
          return new Check.Invalid(Check.Flaw.TOO_MANY, "more signatures than any roster has");
        }
        Rlp.Reader one = signed.list("signature");
        endorsements.add(
            new Endorsement(one.address("signer"), Signature.parse(one.bytes("signature"))));
        one.end();
      }
      reader.end();
    } catch (MalformedException e) {
      return new Check.Invalid(Check.Flaw.MALFORMED, String.valueOf(e.getMessage()));
    }
    if (verdict != Verdict.CONFIRM.code()) {
      return new Check.Invalid(Check.Flaw.VERDICT, "verdict " + verdict + " certifies nothing");
    }
    return count(claim, epoch, endorsements);
  }

  /** Counts confirmations of {@code claim}; the only maker of certificates. */
  Check count(Claim claim, long epoch, List<Endorsement> endorsements) {
    Optional<Poll> poll =
        rosters.poll(
            epoch, Ballot.attestation(claim.id(), epoch, Verdict.CONFIRM.code()), endorsements);
    if (poll.isEmpty()) {
      return new Check.Invalid(Check.Flaw.UNKNOWN_EPOCH, "no roster of epoch " + epoch);
    }
    return switch (poll.get()) {
      case Poll.Carried _ -> new Check.Valid(new QuorumCertificate(claim, epoch, endorsements));
      case Poll.Faulty(PollFault fault, String detail) -> new Check.Invalid(flaw(fault), detail);
    };
  }

  private static Check.Flaw flaw(PollFault fault) {
    return switch (fault) {
      case TOO_MANY -> Check.Flaw.TOO_MANY;
      case DUPLICATE -> Check.Flaw.DUPLICATE;
      case ORDER -> Check.Flaw.ORDER;
      case NOT_A_MEMBER -> Check.Flaw.NOT_A_MEMBER;
      case SIGNATURE -> Check.Flaw.SIGNATURE;
      case REVOKED -> Check.Flaw.REVOKED;
      case WEIGHT -> Check.Flaw.WEIGHT;
    };
  }

  /**
   * Whether an action may rest on {@code certificate} at {@code now}: its epoch is the current one,
   * or the one before within an hour of the rotation.
   */
  public boolean actionable(QuorumCertificate certificate, Instant now) {
    return rosters.actionable(certificate.epoch(), now);
  }
}
