package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Claim;
import io.tocsin.claim.ClaimWire;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Rlp;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.Samples;
import io.tocsin.quorum.Check.Flaw;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What members send each other is read as it was written, or refused for the reason it has. */
final class WireTest {
  private final List<KeyPair> keys = Samples.keys(6, 4);
  private final Rosters rosters = Samples.rosters(keys, () -> Samples.BEGIN);
  private final Domain domain = rosters.federation().domain();
  private final Claim claim = io.tocsin.claim.Samples.mined(1);

  private Attestation vote(Hash32 claimId, Verdict verdict) {
    return Votes.vote(keys.getFirst(), domain, claimId, 1, verdict);
  }

  @Test
  void anAttestationIsAboutItsClaim() {
    Attestation vote = vote(claim.id(), Verdict.CONFIRM);
    assertThat(Attestation.TOPIC.subject().apply(vote)).contains(claim.id());
  }

  @Test
  void anAttestationOfNoEpochOrVerdictIsRefused() throws MalformedException {
    Attestation vote = vote(claim.id(), Verdict.REFUTE);
    Bytes signature = vote.signature().bytes();
    assertThat(Attestation.decode(Rlp.encode(List.of(claim.id(), 1L, 2L, signature))))
        .isEqualTo(vote);
    for (List<?> wrong :
        List.of(
            List.of(claim.id(), 0L, 2L, signature),
            List.of(claim.id(), 1L, 0L, signature),
            List.of(claim.id(), 1L, 3L, signature),
            List.of(claim.id(), 1L, 2L, signature, 1L))) {
      assertThatThrownBy(() -> Attestation.decode(Rlp.encode(wrong)))
          .isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> new Attestation(claim.id(), 0, Verdict.REFUTE, vote.signature()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEquivocationIsTwoOppositeVerdictsOnOneClaim() throws MalformedException {
    Hash32 other = Keccak.hashUtf8("other");
    Attestation confirmed = vote(claim.id(), Verdict.CONFIRM);
    Attestation refuted = vote(claim.id(), Verdict.REFUTE);
    Equivocation proof = new Equivocation(keys.getFirst().address(), confirmed, refuted);
    assertThat(proof.claimId()).isEqualTo(claim.id());
    assertThat(Equivocation.decode(proof.encode())).isEqualTo(proof);
    for (List<Attestation> pair :
        List.of(
            List.of(confirmed, confirmed),
            List.of(refuted, refuted),
            List.of(confirmed, vote(other, Verdict.REFUTE)))) {
      assertThatThrownBy(
              () -> new Equivocation(keys.getFirst().address(), pair.getFirst(), pair.getLast()))
          .isInstanceOf(IllegalArgumentException.class);
      Bytes wire =
          Rlp.encode(List.of(proof.member(), pair.getFirst().encode(), pair.getLast().encode()));
      assertThatThrownBy(() -> Equivocation.decode(wire)).isInstanceOf(MalformedException.class);
    }
    Bytes longer = Rlp.encode(List.of(proof.member(), confirmed.encode(), refuted.encode(), 1L));
    assertThatThrownBy(() -> Equivocation.decode(longer)).isInstanceOf(MalformedException.class);
  }

  @Test
  void anEquivocationIsProvenByTwoSignaturesOfAMember() {
    Attestation confirmed = vote(claim.id(), Verdict.CONFIRM);
    Attestation refuted = vote(claim.id(), Verdict.REFUTE);
    KeyPair outsider = Samples.keys(60, 1).getFirst();
    Attestation foreign = Votes.vote(outsider, domain, claim.id(), 1, Verdict.CONFIRM);
    assertThat(new Equivocation(keys.getFirst().address(), confirmed, refuted).proven(rosters))
        .isTrue();
    assertThat(new Equivocation(keys.getFirst().address(), foreign, refuted).proven(rosters))
        .isFalse();
    assertThat(new Equivocation(outsider.address(), foreign, refuted).proven(rosters)).isFalse();
  }

  private QuorumCertificate certificate(Claim about, List<KeyPair> signers) {
    return switch (new Committee(rosters).verify(Votes.certificate(about, domain, 1, 1, signers))) {
      case Check.Valid(QuorumCertificate certificate) -> certificate;
      case Check.Invalid invalid -> throw new AssertionError(invalid);
    };
  }

  @Test
  void certificatesAreEqualByClaimEpochAndSigners() {
    QuorumCertificate one = certificate(claim, keys);
    assertThat(one)
        .isEqualTo(certificate(claim, keys))
        .hasSameHashCodeAs(certificate(claim, keys))
        .hasToString("QuorumCertificate[" + claim.id() + ", epoch 1]")
        .isNotEqualTo(certificate(claim, keys.subList(0, 3)))
        .isNotEqualTo(certificate(io.tocsin.claim.Samples.mined(2), keys))
        .isNotEqualTo(new QuorumCertificate(claim, 2, one.endorsements()))
        .isNotEqualTo(claim);
    assertThat(Stream.of(1L, 2L, 3L).map(io.tocsin.claim.Samples::mined))
        .extracting(about -> certificate(about, keys).hashCode())
        .doesNotHaveDuplicates();
    assertThat(one.epoch()).isEqualTo(1);
    assertThat(one.signatures().slice(65, 130))
        .isEqualTo(one.endorsements().get(1).signature().bytes());
  }

  @Test
  void whatHasTheOutlineOfACertificateResemblesOne() {
    List<?> claimed = ClaimWire.fields(claim);
    assertThat(QuorumCertificate.resembles(Rlp.encode(List.of(claimed, 1L, 1L, List.of()))))
        .isTrue();
    for (List<?> other :
        List.of(
            List.of(claimed, 1L, 1L),
            List.of(claimed, 1L, List.of(), List.of()),
            List.of(claimed, List.of(), 1L, List.of()),
            List.of(1L, 1L, 1L, List.of()),
            List.of(claimed, 1L, 1L, 1L),
            List.of(claimed, 1L, 1L, List.of(), 1L))) {
      assertThat(QuorumCertificate.resembles(Rlp.encode(other))).isFalse();
    }
  }

  @Test
  void aCertificateWithMoreFieldsThanItHasIsMalformed() {
    List<?> claimed = ClaimWire.fields(claim);
    List<?> signed =
        keys.stream()
            .map(
                key ->
                    List.of(
                        key.address(),
                        Votes.vote(key, domain, claim.id(), 1, Verdict.CONFIRM)
                            .signature()
                            .bytes()))
            .toList();
    List<?> longer =
        signed.stream()
            .map(one -> Stream.concat(((List<?>) one).stream(), Stream.of(1L)).toList())
            .toList();
    Committee committee = new Committee(rosters);
    assertThat(committee.verify(Rlp.encode(List.of(claimed, 1L, 1L, signed))))
        .isInstanceOf(Check.Valid.class);
    for (List<?> wrong :
        List.of(List.of(claimed, 1L, 1L, signed, 1L), List.of(claimed, 1L, 1L, longer))) {
      assertThat(committee.verify(Rlp.encode(wrong)))
          .isInstanceOfSatisfying(
              Check.Invalid.class, invalid -> assertThat(invalid.flaw()).isEqualTo(Flaw.MALFORMED));
    }
  }

  @Test
  void moreSignaturesThanAnyRosterHasAreNotRead() {
    KeyPair key = keys.getFirst();
    List<?> one =
        List.of(
            key.address(),
            Votes.vote(key, domain, claim.id(), 1, Verdict.CONFIRM).signature().bytes());
    List<?> most = Stream.generate(() -> one).limit(100).toList();
    List<?> more = Stream.generate(() -> one).limit(101).toList();
    Committee committee = new Committee(rosters);
    assertThat(committee.verify(Rlp.encode(List.of(ClaimWire.fields(claim), 1L, 1L, more))))
        .isEqualTo(new Check.Invalid(Flaw.TOO_MANY, "more signatures than any roster has"));
    assertThat(committee.verify(Rlp.encode(List.of(ClaimWire.fields(claim), 1L, 1L, most))))
        .isNotEqualTo(new Check.Invalid(Flaw.TOO_MANY, "more signatures than any roster has"));
  }

  @Test
  void aCertificateIsPassedOnAsItCame() throws MalformedException {
    Bytes wire = Votes.certificate(claim, domain, 1, 1, keys);
    assertThat(Committee.TOPIC.decoder().decode(wire)).isEqualTo(wire);
  }

  @Test
  void onlyWhatEveryHonestMemberFindsBlames() {
    assertThat(Stream.of(Flaw.values()).filter(flaw -> !flaw.blames()).toList())
        .isEqualTo(List.of(Flaw.UNKNOWN_EPOCH, Flaw.REVOKED));
  }

  @Test
  void aVerdictIsReadByItsNumber() {
    assertThat(Verdict.ofCode(1)).contains(Verdict.CONFIRM);
    assertThat(Verdict.ofCode(2)).contains(Verdict.REFUTE);
    assertThat(Verdict.ofCode(3)).isEmpty();
  }

  @Test
  void aDrillIsSentBeforeTheYear10000() throws MalformedException {
    Instant last = Instant.parse("9999-12-31T23:59:59Z");
    Drill drill = new Drill(Keccak.hashUtf8("drill"), last);
    assertThat(Drill.decode(drill.encode())).isEqualTo(drill);
    Drill late = new Drill(drill.id(), last.plusSeconds(1));
    assertThatThrownBy(() -> Drill.decode(late.encode())).isInstanceOf(MalformedException.class);
  }
}
