package io.tocsin.quorum;

import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Claim;
import io.tocsin.claim.ClaimWire;
import io.tocsin.crypto.Rlp;
import io.tocsin.identity.Endorsement;
import java.util.List;

/**
 * Proof that members with more than two thirds of an epoch's weight confirm a claim. Only this
 * package builds one, after counting the signatures.
 */
public final class QuorumCertificate {
  private final Claim claim;
  private final long epoch;
  private final List<Endorsement> endorsements;

  QuorumCertificate(Claim claim, long epoch, List<Endorsement> endorsements) {
    this.claim = claim;
    this.epoch = epoch;
    this.endorsements = List.copyOf(endorsements);
  }

  /** Whether {@code wire} has the outline of a certificate, valid or not. */
  public static boolean resembles(Bytes wire) {
    try {
      Rlp.Reader reader = Rlp.read(wire, "certificate");
      reader.list("claim");
      reader.number("epoch");
      reader.number("verdict");
      reader.list("signatures");
      reader.end();
      return true;
    } catch (MalformedException e) {
      return false;
    }
  }

  /** What is certified. */
  public Claim claim() {
    return claim;
  }

  /** The epoch whose members signed. */
  public long epoch() {
    return epoch;
  }

  /** The confirmations, ascending by signer. */
  public List<Endorsement> endorsements() {
    return endorsements;
  }

  /** The signatures one after the other, 65 bytes each, as the guardian contract takes them. */
  public Bytes signatures() {
    Bytes all = Bytes.EMPTY;
    for (Endorsement endorsement : endorsements) {
      all = all.concat(endorsement.signature().bytes());
    }
    return all;
  }

  /** The wire form: RLP {@code [claim, epoch, verdict, [[signer, signature]…]]}. */
  public Bytes encode() {
    return encode(claim, epoch, Verdict.CONFIRM.code(), endorsements);
  }

  static Bytes encode(Claim claim, long epoch, long verdict, List<Endorsement> endorsements) {
    List<?> signed =
        endorsements.stream().map(e -> List.of(e.signer(), e.signature().bytes())).toList();
    return Rlp.encode(List.of(ClaimWire.fields(claim), epoch, verdict, signed));
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof QuorumCertificate c
        && claim.equals(c.claim)
        && epoch == c.epoch
        && endorsements.equals(c.endorsements);
  }

  @Override
  public int hashCode() {
    return claim.hashCode();
  }

  @Override
  public String toString() {
    return "QuorumCertificate[" + claim.id() + ", epoch " + epoch + "]";
  }
}
