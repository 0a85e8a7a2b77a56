package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.Claim.Subject;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Verified;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.Samples;
import io.tocsin.quorum.OwnView.Harm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many members in one JVM, fewer than a third of them liars, mail lost, doubled and reordered. */
final class TownTest {
  private static final int CLAIMS = 6;

  private final Samples.Clock clock =
      new Samples.Clock(io.tocsin.claim.Samples.BLOCK_TIME.plusSeconds(200));

  private record Town(List<KeyPair> honest, List<KeyPair> liars, Rosters rosters) {
    Domain domain() {
      return rosters.federation().domain();
    }
  }

  private Town town(long seed) {
    int size = 4 + (int) (seed % 7);
    List<KeyPair> keys = Samples.keys(seed, size);
    Rosters rosters = Samples.rosters(keys, clock);
    List<KeyPair> shuffled = new ArrayList<>(keys);
    Collections.shuffle(shuffled, new Random(seed));
    int lying = (size - 1) / 3;
    return new Town(
        List.copyOf(shuffled.subList(lying, size)),
        List.copyOf(shuffled.subList(0, lying)),
        rosters);
  }

  private static OwnView truth(ExploitMined claim, boolean happened) {
    Address subject = claim.subject().address();
    return happened
        ? new OwnView.Mined(
            claim.block(),
            true,
            false,
            new Harm(Map.of(subject, claim.subject().code()), Set.of(subject), Optional.empty()))
        : new OwnView.Absent(true, claim.block().time().plus(Patience.DEFAULT.settle()));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23
      })
  void certifiesExactlyWhatHappened(long seed) {
    Town town = town(seed);
    Random random = new Random(seed * 31 + 7);
    List<Verified<Attestation>> mail = new ArrayList<>();
    Set<Claim> happened = new HashSet<>();
    List<ExploitMined> claims = new ArrayList<>();
    for (int i = 0; i < CLAIMS; i++) {
      ExploitMined claim = io.tocsin.claim.Samples.mined(seed * 100 + i);
      claims.add(claim);
      if (i % 2 == 0) {
        happened.add(claim);
      }
    }
    for (KeyPair key : town.honest()) {
      Attestor attestor =
          new Attestor(key, town.rosters(), new MemoryVerdictBook(), Patience.DEFAULT, clock);
      for (ExploitMined claim : claims) {
        Opinion opinion = attestor.consider(claim, truth(claim, happened.contains(claim)));
        attestor
            .attest(claim.id(), opinion)
            .ifPresent(a -> mail.add(Votes.arrived(key, town.domain(), a)));
      }
    }
    for (KeyPair liar : town.liars()) {
      for (ExploitMined claim : claims) {
        lies(town, liar, claim, random).forEach(mail::add);
      }
    }
    for (int node = 0; node < 3; node++) {
      assertThat(certified(town, claims, mail, random)).isEqualTo(happened);
    }
  }

  /** Confirms what did not happen, refutes what did, both at once, or stays silent. */
  private static List<Verified<Attestation>> lies(
      Town town, KeyPair liar, ExploitMined claim, Random random) {
    List<Verified<Attestation>> lies = new ArrayList<>();
    int mood = random.nextInt(4);
    if (mood != 0) {
      lies.add(
          Votes.arrived(
              liar,
              town.domain(),
              Votes.vote(liar, town.domain(), claim.id(), 1, Verdict.CONFIRM)));
    }
    if (mood >= 2) {
      lies.add(
          Votes.arrived(
              liar, town.domain(), Votes.vote(liar, town.domain(), claim.id(), 1, Verdict.REFUTE)));
    }
    if (mood == 3) {
      ExploitMined twisted =
          new ExploitMined(
              claim.chain(),
              claim.tx(),
              claim.block(),
              new Subject(Address.ZERO, claim.subject().code()));
      lies.add(
          Votes.arrived(
              liar,
              town.domain(),
              Votes.vote(liar, town.domain(), twisted.id(), 1, Verdict.CONFIRM)));
    }
    return lies;
  }

  private Set<Claim> certified(
      Town town, List<ExploitMined> claims, List<Verified<Attestation>> mail, Random random) {
    MemoryEvidenceBook evidence = new MemoryEvidenceBook();
    AttestationPool pool =
        new AttestationPool(
            town.rosters(), evidence, (_, _) -> List.of(), AttestationPool.Limits.DEFAULT, clock);
    Committee committee = new Committee(town.rosters());
    List<Object> events = new ArrayList<>(claims);
    events.addAll(mail);
    events.addAll(mail.subList(0, mail.size() / 2));
    Collections.shuffle(events, random);
    Set<Claim> certified = new HashSet<>();
    for (Object event : events) {
      Tally tally =
          event instanceof Verified<?> v && v.value() instanceof Attestation a
              ? pool.add(Votes.arrived(owner(town, v.author()), town.domain(), a))
              : pool.know((Claim) event);
      if (tally instanceof Tally.Reached(QuorumCertificate certificate)) {
        assertThat(certified.add(certificate.claim())).isTrue();
        assertThat(committee.verify(certificate.encode())).isInstanceOf(Check.Valid.class);
      }
    }
    Set<Address> liars = new HashSet<>();
    town.liars().forEach(liar -> liars.add(liar.address()));
    assertThat(evidence.all())
        .allSatisfy(
            proof -> {
              assertThat(proof.proven(town.rosters())).isTrue();
              assertThat(liars).contains(proof.member());
            });
    return certified;
  }

  private static KeyPair owner(Town town, Address author) {
    List<KeyPair> all = new ArrayList<>(town.honest());
    all.addAll(town.liars());
    return all.stream().filter(key -> key.address().equals(author)).findFirst().orElseThrow();
  }
}
