package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Bytes;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.Rosters;
import io.tocsin.quorum.Check.Flaw;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.StructuredDataEncoder;

final class CommitteeTest {
  private final List<KeyPair> keys = io.tocsin.identity.Samples.keys(3, 5);
  private final io.tocsin.identity.Samples.Clock clock =
      new io.tocsin.identity.Samples.Clock(io.tocsin.identity.Samples.BEGIN);
  private final Rosters rosters = io.tocsin.identity.Samples.rosters(keys, clock);
  private final Domain domain = rosters.federation().domain();
  private final Committee committee = new Committee(rosters);
  private final Claim claim = Samples.mined(1);

  private Flaw flaw(Bytes wire) {
    return switch (committee.verify(wire)) {
      case Check.Invalid(Flaw flaw, String _) -> flaw;
      case Check.Valid _ -> throw new AssertionError("valid");
    };
  }

  private Bytes certificate(List<KeyPair> signers) {
    return Votes.certificate(claim, domain, 1, 1, signers);
  }

  @Test
  void acceptsMoreThanTwoThirds() {
    Bytes wire = certificate(keys.subList(0, 4));
    assertThat(committee.verify(wire))
        .isInstanceOfSatisfying(
            Check.Valid.class,
            valid -> {
              QuorumCertificate certificate = valid.certificate();
              assertThat(certificate.encode()).isEqualTo(wire);
              assertThat(certificate.claim()).isEqualTo(claim);
              assertThat(certificate.signatures().size()).isEqualTo(4 * 65);
              assertThat(committee.actionable(certificate, clock.instant())).isTrue();
              assertThat(
                      committee.actionable(certificate, clock.instant().plus(Duration.ofDays(400))))
                  .isFalse();
            });
  }

  @Test
  void namesTheReasonOfEveryRefusal() {
    assertThat(flaw(certificate(keys.subList(0, 3)))).isEqualTo(Flaw.WEIGHT);
    List<KeyPair> reversed = new ArrayList<>(keys).reversed();
    assertThat(flaw(certificate(reversed))).isEqualTo(Flaw.ORDER);
    assertThat(flaw(certificate(List.of(keys.get(0), keys.get(0), keys.get(1), keys.get(2)))))
        .isEqualTo(Flaw.DUPLICATE);
    List<KeyPair> outsider = new ArrayList<>(io.tocsin.identity.Samples.keys(99, 1));
    assertThat(flaw(certificate(outsider))).isEqualTo(Flaw.NOT_A_MEMBER);
    List<KeyPair> six = new ArrayList<>(keys);
    six.addAll(outsider);
    assertThat(flaw(certificate(six))).isEqualTo(Flaw.TOO_MANY);
    assertThat(flaw(Votes.certificate(claim, domain, 2, 1, keys))).isEqualTo(Flaw.UNKNOWN_EPOCH);
    assertThat(flaw(Votes.certificate(claim, domain, 1, 2, keys))).isEqualTo(Flaw.VERDICT);
    assertThat(flaw(Votes.certificate(claim, Domain.JOINING, 1, 1, keys)))
        .isEqualTo(Flaw.SIGNATURE);
    assertThat(flaw(Bytes.utf8("certificate"))).isEqualTo(Flaw.MALFORMED);
  }

  @Test
  void revokedMembersWeighNothing() {
    rosters.apply(Revocation.sign(keys.get(1), domain));
    assertThat(flaw(certificate(keys.subList(0, 4)))).isEqualTo(Flaw.REVOKED);
    assertThat(committee.verify(certificate(keys))).isInstanceOf(Check.Valid.class);
  }

  @Test
  void aClaimChangedInAnyByteIsRefused() {
    Bytes wire = certificate(keys.subList(0, 4));
    for (int i = 0; i < wire.size(); i++) {
      byte[] content = wire.toArray();
      content[i] ^= 1;
      assertThat(committee.verify(Bytes.of(content))).isInstanceOf(Check.Invalid.class);
    }
  }

  @Test
  void theAttestationDigestIsThatOfWeb3j() throws Exception {
    Attestation vote = Votes.vote(keys.getFirst(), domain, claim.id(), 7, Verdict.REFUTE);
    String typed =
        """
        {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"salt","type":"bytes32"}],
        "Attestation":[{"name":"claimId","type":"bytes32"},{"name":"epoch","type":"uint64"},{"name":"verdict","type":"uint8"}]},
        "primaryType":"Attestation","domain":{"name":"Tocsin","version":"1","salt":"%s"},
        "message":{"claimId":"%s","epoch":7,"verdict":2}}
        """
            .formatted(domain.salt(), claim.id());
    assertThat(domain.digest(vote.structHash()).toArray())
        .isEqualTo(new StructuredDataEncoder(typed).hashStructuredData());
    assertThat(Attestation.decode(vote.encode())).isEqualTo(vote);
    assertThat(vote.signedBy(keys.getFirst().publicKey(), domain)).isTrue();
    assertThat(vote.signedBy(keys.getLast().publicKey(), domain)).isFalse();
  }
}
