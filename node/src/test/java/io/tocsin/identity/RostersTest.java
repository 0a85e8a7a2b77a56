package io.tocsin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.Rosters.Change;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RostersTest {
  private static final Instant NEXT = Samples.BEGIN.plus(Duration.ofDays(30));

  private final List<KeyPair> keys = Samples.keys(2, 6);
  private final List<KeyPair> founders = keys.subList(0, 5);
  private final List<KeyPair> successors = keys.subList(1, 6);
  private final Samples.Clock clock = new Samples.Clock(Samples.BEGIN.plusSeconds(5));
  private final Rosters rosters = Samples.rosters(founders, clock);

  private SignedRoster next(List<KeyPair> signers) {
    Hash32 parent = rosters.latest().roster().hash();
    return Samples.signed(
        Samples.roster(2, parent, NEXT, successors), rosters.federation(), signers);
  }

  private static RosterFault fault(Change change) {
    return change instanceof Change.Refused(RosterFault fault, String _)
        ? fault
        : fail("not refused: " + change);
  }

  @Test
  void aFederationBeginsWhenEveryFounderSigned() {
    Roster roster = Samples.roster(1, Hash32.ZERO, Samples.BEGIN, founders);
    Federation federation = Federation.founded(roster.hash(), Samples.NONCE);
    assertThat(federation.id())
        .isEqualTo(Keccak.hash(roster.hash().bytes(), Samples.NONCE.bytes()));
    SignedRoster four = Samples.signed(roster, federation, founders.subList(0, 4));
    assertThat(Rosters.found(four, Samples.NONCE, clock))
        .isInstanceOf(Rosters.Founding.Refused.class);
    SignedRoster all = four.endorse(founders.get(4), federation.domain());
    assertThat(Rosters.found(all, Samples.NONCE, clock))
        .isInstanceOf(Rosters.Founding.Founded.class);
    assertThat(Rosters.found(all, Keccak.hashUtf8("other"), clock))
        .isInstanceOf(Rosters.Founding.Refused.class);
  }

  @Test
  void aQuorumOfTheEpochBeforeBringsTheNext() {
    SignedRoster next = next(founders.subList(0, 4));
    assertThat(rosters.apply(next)).isEqualTo(new Change.Applied());
    assertThat(rosters.apply(next)).isEqualTo(new Change.Known());
    assertThat(rosters.current(clock.instant()).map(Roster::epoch)).contains(1L);
    assertThat(rosters.current(NEXT).map(Roster::epoch)).contains(2L);
  }

  @Test
  void refusesTheNextRosterWithoutAQuorumOfTheEpochBefore() {
    assertThat(fault(rosters.apply(next(founders.subList(0, 3)))))
        .isEqualTo(RosterFault.SIGNATURES);
    assertThat(fault(rosters.apply(next(successors)))).isEqualTo(RosterFault.SIGNATURES);
  }

  @Test
  void refusesForksGapsAndForeignParents() {
    Roster current = rosters.latest().roster();
    Federation federation = rosters.federation();
    Roster gap = Samples.roster(3, current.hash(), NEXT, founders);
    assertThat(fault(rosters.apply(Samples.signed(gap, federation, founders))))
        .isEqualTo(RosterFault.EPOCH);
    Roster foreign = Samples.roster(2, Keccak.hashUtf8("x"), NEXT, founders);
    assertThat(fault(rosters.apply(Samples.signed(foreign, federation, founders))))
        .isEqualTo(RosterFault.PARENT);
    Roster early = Samples.roster(2, current.hash(), Samples.BEGIN, founders);
    assertThat(fault(rosters.apply(Samples.signed(early, federation, founders))))
        .isEqualTo(RosterFault.TERM);
    rosters.apply(next(founders));
    Roster fork = Samples.roster(2, current.hash(), NEXT.plusSeconds(1), founders);
    assertThat(fault(rosters.apply(Samples.signed(fork, federation, founders))))
        .isEqualTo(RosterFault.FORK);
  }

  @Test
  void aDepartedMembersKeyCountsForAnHourAfterTheRotation() {
    rosters.apply(next(founders));
    KeyPair leaver = founders.getFirst();
    KeyPair newcomer = successors.getLast();
    assertThat(rosters.keyOf(newcomer.address())).isEmpty();
    assertThat(rosters.keyOf(leaver.address())).contains(leaver.publicKey());
    clock.advance(Duration.between(clock.instant(), NEXT.plus(Duration.ofMinutes(59))));
    assertThat(rosters.keyOf(leaver.address())).contains(leaver.publicKey());
    assertThat(rosters.keyOf(newcomer.address())).contains(newcomer.publicKey());
    assertThat(rosters.actionable(1, clock.instant())).isTrue();
    clock.advance(Duration.ofMinutes(2));
    assertThat(rosters.keyOf(leaver.address())).isEmpty();
    assertThat(rosters.actionable(1, clock.instant())).isFalse();
    assertThat(rosters.actionable(2, clock.instant())).isTrue();
  }

  @Test
  void aFormerMemberIsRememberedUntilItIsRevokedAndAComingOneIsNotKnownYet() {
    rosters.apply(next(founders));
    KeyPair leaver = founders.getFirst();
    KeyPair newcomer = successors.getLast();
    assertThat(rosters.everKeyOf(newcomer.address())).isEmpty();
    clock.advance(Duration.between(clock.instant(), NEXT.plus(Duration.ofHours(2))));
    assertThat(rosters.everKeyOf(newcomer.address())).contains(newcomer.publicKey());
    assertThat(rosters.keyOf(leaver.address())).isEmpty();
    assertThat(rosters.everKeyOf(leaver.address())).contains(leaver.publicKey());
    rosters.apply(Revocation.sign(leaver, rosters.federation().domain()));
    assertThat(rosters.everKeyOf(leaver.address())).isEmpty();
  }

  @Test
  void aThirdOfTheWeightCannotAllBeLiars() {
    Address one = founders.get(0).address();
    Address two = founders.get(1).address();
    assertThat(rosters.trustworthy(Set.of(one))).isFalse();
    assertThat(rosters.trustworthy(Set.of(one, keys.getLast().address()))).isFalse();
    assertThat(rosters.trustworthy(Set.of(one, two))).isTrue();
    rosters.apply(Revocation.sign(founders.get(1), rosters.federation().domain()));
    assertThat(rosters.trustworthy(Set.of(one, two))).isFalse();
  }

  @Test
  void nobodySignsBeforeTheFirstTermOrAfterTheLast() {
    assertThat(rosters.current(Samples.BEGIN.minusSeconds(1))).isEmpty();
    clock.advance(Duration.ofDays(366));
    assertThat(rosters.keyOf(founders.getFirst().address())).isEmpty();
    assertThat(rosters.actionable(1, clock.instant())).isFalse();
  }

  @Test
  void aRevocationCountsAtOnceAndLeavesTheTotalWeight() {
    KeyPair stolen = founders.get(2);
    Revocation revocation = Revocation.sign(stolen, rosters.federation().domain());
    assertThat(rosters.keyOf(stolen.address())).isPresent();
    assertThat(rosters.apply(revocation)).isEqualTo(new Change.Applied());
    assertThat(rosters.apply(revocation)).isEqualTo(new Change.Known());
    assertThat(rosters.keyOf(stolen.address())).isEmpty();
    assertThat(rosters.current(clock.instant()).map(Roster::totalWeight)).contains(5L);
    assertThat(fault(rosters.apply(next(founders.subList(0, 4))))).isEqualTo(RosterFault.MEMBER);
  }

  @Test
  void nobodyRevokesAnothersKey() {
    KeyPair attacker = founders.get(1);
    Revocation own = Revocation.sign(attacker, rosters.federation().domain());
    Revocation foreign = new Revocation(founders.get(2).address(), own.signature());
    assertThat(fault(rosters.apply(foreign))).isEqualTo(RosterFault.SIGNATURES);
    Revocation outsider = Revocation.sign(keys.getLast(), rosters.federation().domain());
    assertThat(fault(rosters.apply(outsider))).isEqualTo(RosterFault.MEMBER);
  }

  @Test
  void revocationSurvivesTheWire() throws MalformedException {
    Revocation revocation = Revocation.sign(founders.get(1), rosters.federation().domain());
    assertThat(Revocation.decode(revocation.encode())).isEqualTo(revocation);
    assertThatThrownBy(() -> Revocation.decode(revocation.encode().slice(0, 40)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void theFileBringsBackEveryEpochAndRevocation() throws MalformedException {
    rosters.apply(next(founders));
    rosters.apply(Revocation.sign(founders.get(3), rosters.federation().domain()));
    String text = FederationFile.of(rosters, Samples.NONCE).write();
    FederationFile read = FederationFile.read(text.getBytes(StandardCharsets.UTF_8));
    assertThat(read.write()).isEqualTo(text);
    assertThat(read.load(clock))
        .isInstanceOfSatisfying(
            FederationFile.Loaded.Standing.class,
            standing -> {
              assertThat(standing.proposal()).isEmpty();
              assertThat(standing.rosters().federation()).isEqualTo(rosters.federation());
              assertThat(standing.rosters().history()).isEqualTo(rosters.history());
              assertThat(standing.rosters().revoked(founders.get(3).address())).isTrue();
            });
  }

  @Test
  void aRosterThatLacksSignaturesIsAProposal() throws MalformedException {
    FederationFile file =
        FederationFile.of(rosters, Samples.NONCE).withNext(next(founders.subList(0, 2)));
    assertThat(file.load(clock))
        .isInstanceOfSatisfying(
            FederationFile.Loaded.Standing.class,
            standing -> assertThat(standing.proposal()).isPresent());
    FederationFile forged =
        file.withLast(
            new SignedRoster(
                file.rosters().getLast().roster(),
                List.of(
                    new Endorsement(
                        founders.get(0).address(),
                        founders.get(1).sign(Keccak.hashUtf8("nothing"))))));
    assertThatThrownBy(() -> forged.load(clock))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("rosters[1]");
  }

  @Test
  void aFileChangedAnywhereIsRefused() {
    String text = FederationFile.of(rosters, Samples.NONCE).write();
    List<String> changes = new ArrayList<>();
    changes.add(text.replaceFirst("\"weight\" : 1", "\"weight\" : 2"));
    changes.add(text.replaceFirst("Operator ", "Impostor "));
    changes.add(text.replaceFirst("\"epoch\" : 1", "\"epoch\" : 2"));
    changes.add(text.replaceFirst("\"validUntil\" : \"2027", "\"validUntil\" : \"2037"));
    changes.add(text.replaceFirst(":7700", ":7701"));
    changes.add(text.replaceFirst("\"revocations\"", "\"revoked\""));
    changes.add(text.replaceFirst("\"format\"", "\"format\" : \"x\", \"format\""));
    changes.add(text.replaceFirst("\"nonce\" : \"0x..", "\"nonce\" : \"0x00"));
    for (String changed : changes) {
      assertThat(changed).isNotEqualTo(text);
      assertThatThrownBy(
              () -> FederationFile.read(changed.getBytes(StandardCharsets.UTF_8)).load(clock))
          .isInstanceOf(MalformedException.class);
    }
  }
}
