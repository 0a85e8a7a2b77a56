package io.tocsin.adapter.contract;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.claim.ClaimWire;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Rlp;
import io.tocsin.identity.Ballot;
import io.tocsin.identity.Contact;
import io.tocsin.identity.Federation;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Member;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.SignedRoster;
import io.tocsin.identity.Term;
import io.tocsin.quorum.Check;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.QuorumCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Five members with one vote each, founded at a given time. */
public final class TestFederation {
  final List<KeyPair> keys;
  final Roster roster;
  final Federation federation;
  private final Committee committee;
  private final FederationFile file;

  public TestFederation(Instant now) {
    Random random = new Random(2);
    keys =
        IntStream.range(0, 5)
            .mapToObj(_ -> KeyPair.generate(random))
            .sorted(Comparator.comparing(KeyPair::address))
            .toList();
    roster =
        new Roster(
            1,
            Hash32.ZERO,
            new Term(now.minusSeconds(60), now.plus(Duration.ofDays(365))),
            IntStream.range(0, 5).mapToObj(this::member).toList());
    Hash32 nonce = Keccak.hashUtf8("nonce");
    federation = Federation.founded(roster.hash(), nonce);
    SignedRoster signed = new SignedRoster(roster, List.of());
    for (KeyPair key : keys) {
      signed = signed.endorse(key, domain());
    }
    file = new FederationFile(nonce, List.of(signed), List.of());
    committee =
        switch (Rosters.found(signed, nonce, () -> now)) {
          case Rosters.Founding.Founded(Rosters rosters) -> new Committee(rosters);
          case Rosters.Founding.Refused refused -> throw new AssertionError(refused.toString());
        };
  }

  public Committee committee() {
    return committee;
  }

  /** The federation file. */
  public FederationFile file() {
    return file;
  }

  /** The federation file with a next roster of the same members, signed by the first four. */
  public FederationFile rotated(Instant from) {
    Roster next =
        new Roster(
            2, roster.hash(), new Term(from, from.plus(Duration.ofDays(365))), roster.members());
    SignedRoster signed = new SignedRoster(next, List.of());
    for (KeyPair key : keys.subList(0, 4)) {
      signed = signed.endorse(key, domain());
    }
    return file.withNext(signed);
  }

  /** The word of the first member that its key is not to be believed any more. */
  public Revocation revocation() {
    return Revocation.sign(keys.getFirst(), domain());
  }

  Domain domain() {
    return federation.domain();
  }

  private Member member(int index) {
    return Member.sign(
        keys.get(index),
        new Member.Keys(Keccak.hashUtf8("tls" + index), Keccak.hashUtf8("x" + index)),
        new Contact("127.0.0.1:" + (7000 + index), "Operator " + index),
        1);
  }

  /** The confirmations of the first {@code n} members, as the contract takes them. */
  Bytes signatures(Hash32 claim, long epoch, int verdict, int n) {
    return keys.stream()
        .limit(n)
        .map(k -> k.sign(domain(), Ballot.attestation(claim, epoch, verdict)).bytes())
        .reduce(Bytes.EMPTY, Bytes::concat);
  }

  public QuorumCertificate certify(Claim claim) {
    Hash32 ballot = Ballot.attestation(claim.id(), 1, Ballot.CONFIRM);
    List<?> signed =
        keys.stream()
            .limit(4)
            .map(k -> List.of(k.address(), k.sign(domain(), ballot).bytes()))
            .toList();
    Bytes wire = Rlp.encode(List.of(ClaimWire.fields(claim), 1L, (long) Ballot.CONFIRM, signed));
    return switch (committee.verify(wire)) {
      case Check.Valid(QuorumCertificate certificate) -> certificate;
      case Check.Invalid invalid -> throw new AssertionError(invalid.toString());
    };
  }
}
