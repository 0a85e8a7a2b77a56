package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.Samples;
import io.tocsin.quorum.Tally.RefusalReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AttestationPoolTest {
  private static final Duration ROTATION = Duration.ofDays(30);

  private final List<KeyPair> keys = Samples.keys(4, 5);
  private final Samples.Clock clock = new Samples.Clock(Samples.BEGIN);
  private final Rosters rosters = Samples.rosters(keys, clock);
  private final Domain domain = rosters.federation().domain();
  private final MemoryEvidenceBook evidence = new MemoryEvidenceBook();
  private final Map<Address, List<Attestation>> log = new HashMap<>();
  private AttestationPool pool = pool();
  private final Claim claim = io.tocsin.claim.Samples.mined(1);

  private AttestationPool pool() {
    return new AttestationPool(
        rosters,
        evidence,
        (member, claimId) ->
            log.getOrDefault(member, List.of()).stream()
                .filter(a -> a.claimId().equals(claimId))
                .toList(),
        new AttestationPool.Limits(8, 3, Duration.ofHours(1)),
        clock);
  }

  private Tally add(int member, Hash32 claimId, long epoch, Verdict verdict) {
    return add(member, Votes.vote(keys.get(member), domain, claimId, epoch, verdict));
  }

  private Tally add(int member, Attestation vote) {
    KeyPair key = keys.get(member);
    log.computeIfAbsent(key.address(), _ -> new ArrayList<>()).add(vote);
    return pool.add(Votes.arrived(key, domain, vote));
  }

  private Tally confirm(int member) {
    return add(member, claim.id(), 1, Verdict.CONFIRM);
  }

  @Test
  void reachesACertificateWithTheFourthOfFive() {
    assertThat(pool.know(claim)).isEqualTo(new Tally.Pending(0, 4));
    assertThat(confirm(3)).isEqualTo(new Tally.Pending(1, 4));
    assertThat(confirm(0)).isEqualTo(new Tally.Pending(2, 4));
    assertThat(confirm(0)).isEqualTo(new Tally.Duplicate());
    assertThat(add(2, claim.id(), 1, Verdict.REFUTE)).isEqualTo(new Tally.Pending(2, 4));
    assertThat(confirm(1)).isEqualTo(new Tally.Pending(3, 4));
    assertThat(confirm(4))
        .isInstanceOfSatisfying(
            Tally.Reached.class,
            reached ->
                assertThat(new Committee(rosters).verify(reached.certificate().encode()))
                    .isEqualTo(new Check.Valid(reached.certificate())));
  }

  @Test
  void tellsACertificateOnce() {
    pool.know(claim);
    for (int i = 0; i < 4; i++) {
      confirm(i);
    }
    assertThat(confirm(4)).isEqualTo(new Tally.Duplicate());
  }

  @Test
  void countsWhatCameBeforeItsClaim() {
    for (int i = 0; i < 4; i++) {
      assertThat(confirm(i)).isEqualTo(new Tally.Buffered());
    }
    assertThat(pool.know(claim)).isInstanceOf(Tally.Reached.class);
    assertThat(pool.know(claim)).isEqualTo(new Tally.Duplicate());
  }

  @Test
  void boundsWhatAMemberMayKeepWaiting() {
    for (int i = 0; i < 3; i++) {
      assertThat(add(0, Keccak.hashUtf8("unknown" + i), 1, Verdict.CONFIRM))
          .isEqualTo(new Tally.Buffered());
    }
    assertThat(add(0, Keccak.hashUtf8("unknown3"), 1, Verdict.CONFIRM))
        .isEqualTo(new Tally.Refused(RefusalReason.TOO_MANY_BUFFERED));
    assertThat(confirm(1)).isEqualTo(new Tally.Buffered());
    clock.advance(Duration.ofMinutes(61));
    assertThat(add(0, Keccak.hashUtf8("unknown3"), 1, Verdict.CONFIRM))
        .isEqualTo(new Tally.Buffered());
  }

  @Test
  void aContradictionIsEvidenceAndWeighsNothing() throws MalformedException {
    pool.know(claim);
    confirm(0);
    Tally tally = add(0, claim.id(), 1, Verdict.REFUTE);
    assertThat(tally).isInstanceOf(Tally.Conflict.class);
    assertThat(add(0, claim.id(), 1, Verdict.REFUTE)).isEqualTo(new Tally.Duplicate());
    assertThat(evidence.all()).hasSize(1);
    Equivocation proof = evidence.all().getFirst();
    assertThat(proof.proven(rosters)).isTrue();
    assertThat(Equivocation.decode(proof.encode())).isEqualTo(proof);
    assertThat(confirm(1)).isEqualTo(new Tally.Pending(1, 4));
    confirm(2);
    assertThat(confirm(3)).isEqualTo(new Tally.Pending(3, 4));
    assertThat(confirm(4)).isInstanceOf(Tally.Reached.class);
  }

  @Test
  void aContradictionIsFoundAfterTheClaimExpired() {
    pool.know(claim);
    confirm(0);
    clock.advance(Duration.ofHours(2));
    pool.expire();
    assertThat(pool.size()).isZero();
    assertThat(add(0, claim.id(), 1, Verdict.REFUTE)).isInstanceOf(Tally.Conflict.class);
  }

  @Test
  void aContradictionIsFoundAfterARestartThatComesAfterTheClaimExpired() {
    pool.know(claim);
    confirm(0);
    clock.advance(Duration.ofHours(2));
    pool = pool();
    assertThat(add(0, claim.id(), 1, Verdict.REFUTE)).isInstanceOf(Tally.Conflict.class);
    assertThat(evidence.all()).hasSize(1);
    assertThat(evidence.all().getFirst().proven(rosters)).isTrue();
  }

  @Test
  void anAttestationInTheLogThatItsMemberDidNotSignContradictsNothing() {
    Attestation forged = Votes.vote(keys.get(1), domain, claim.id(), 1, Verdict.CONFIRM);
    assertThat(add(0, forged)).isEqualTo(new Tally.Refused(RefusalReason.SIGNATURE));
    pool.know(claim);
    assertThat(add(0, claim.id(), 1, Verdict.REFUTE)).isEqualTo(new Tally.Pending(0, 4));
    assertThat(evidence.all()).isEmpty();
  }

  @Test
  void aContradictionIsFoundAcrossEpochs() {
    pool.know(claim);
    confirm(0);
    Hash32 parent = rosters.latest().roster().hash();
    rosters.apply(
        Samples.signed(
            Samples.roster(2, parent, Samples.BEGIN.plus(ROTATION), keys),
            rosters.federation(),
            keys));
    clock.advance(ROTATION);
    assertThat(add(0, claim.id(), 2, Verdict.REFUTE)).isInstanceOf(Tally.Conflict.class);
    assertThat(evidence.all().getFirst().proven(rosters)).isTrue();
  }

  @Test
  void aFramedMemberIsNotConvicted() {
    KeyPair framed = keys.get(0);
    KeyPair liar = keys.get(1);
    Attestation confirmed = Votes.vote(framed, domain, claim.id(), 1, Verdict.CONFIRM);
    Attestation forged = Votes.vote(liar, domain, claim.id(), 1, Verdict.REFUTE);
    assertThat(new Equivocation(framed.address(), confirmed, forged).proven(rosters)).isFalse();
    assertThat(pool.add(Votes.arrived(liar, domain, confirmed)))
        .isEqualTo(new Tally.Refused(RefusalReason.SIGNATURE));
    assertThatThrownBy(() -> new Equivocation(framed.address(), forged, confirmed))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesOutsidersRevokedAndOtherEpochs() {
    pool.know(claim);
    KeyPair outsider = Samples.keys(50, 1).getFirst();
    Attestation vote = Votes.vote(outsider, domain, claim.id(), 1, Verdict.CONFIRM);
    assertThat(pool.add(Votes.arrived(outsider, domain, vote)))
        .isEqualTo(new Tally.Refused(RefusalReason.NOT_A_MEMBER));
    assertThat(add(0, claim.id(), 2, Verdict.CONFIRM))
        .isEqualTo(new Tally.Refused(RefusalReason.UNKNOWN_EPOCH));
    rosters.apply(Revocation.sign(keys.get(0), domain));
    assertThat(confirm(0)).isEqualTo(new Tally.Refused(RefusalReason.REVOKED));
    clock.advance(Duration.ofDays(400));
    assertThat(confirm(1)).isEqualTo(new Tally.Refused(RefusalReason.OTHER_EPOCH));
  }

  @Test
  void aMemberRevokedAfterItsConfirmationWeighsNothing() {
    pool.know(claim);
    for (int i = 0; i < 3; i++) {
      confirm(i);
    }
    rosters.apply(Revocation.sign(keys.get(0), domain));
    assertThat(confirm(3)).isEqualTo(new Tally.Pending(3, 4));
    assertThat(confirm(4)).isInstanceOf(Tally.Reached.class);
  }

  @Test
  void aFullPoolForgetsWhatTheFewestSpokeOf() {
    pool.know(claim);
    confirm(0);
    confirm(1);
    for (int i = 0; i < 20; i++) {
      Claim invention = io.tocsin.claim.Samples.mined(100 + i);
      pool.know(invention);
      add(4, invention.id(), 1, Verdict.CONFIRM);
    }
    assertThat(pool.size()).isEqualTo(8);
    confirm(2);
    assertThat(confirm(3)).isInstanceOf(Tally.Reached.class);
  }

  @Test
  void aFullPoolForgetsWhatIsCertifiedFirst() {
    pool.know(claim);
    for (int i = 0; i < 4; i++) {
      confirm(i);
    }
    for (int i = 0; i < 7; i++) {
      pool.know(io.tocsin.claim.Samples.mined(100 + i));
    }
    assertThat(confirm(3)).as("still there").isInstanceOf(Tally.Duplicate.class);
    pool.know(io.tocsin.claim.Samples.mined(200));
    assertThat(pool.size()).isEqualTo(8);
    assertThat(confirm(4)).as("forgotten").isInstanceOf(Tally.Buffered.class);
  }

  @Test
  void aCertificateFromElsewhereSettlesTheClaim() {
    QuorumCertificate certificate =
        switch (new Committee(rosters).verify(Votes.certificate(claim, domain, 1, 1, keys))) {
          case Check.Valid(QuorumCertificate c) -> c;
          case Check.Invalid invalid -> throw new AssertionError(invalid);
        };
    pool.settle(certificate);
    for (int i = 0; i < 5; i++) {
      assertThat(confirm(i)).isNotInstanceOf(Tally.Reached.class);
    }
  }
}
