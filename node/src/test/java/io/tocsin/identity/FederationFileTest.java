package io.tocsin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.FederationFile.Loaded.Standing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Five members, quorum four; the first one's key is stolen and revoked. */
final class FederationFileTest {
  private static final Instant NEXT = Samples.BEGIN.plus(Duration.ofDays(30));

  private final List<KeyPair> keys = Samples.keys(2, 6);
  private final List<KeyPair> founders = keys.subList(0, 5);
  private final Samples.Clock clock = new Samples.Clock(Samples.BEGIN.plusSeconds(5));
  private final Rosters rosters = Samples.rosters(founders, clock);
  private final KeyPair stolen = founders.getFirst();
  private final Revocation revocation = Revocation.sign(stolen, rosters.federation().domain());

  private SignedRoster second(List<KeyPair> members, List<KeyPair> signers) {
    Hash32 parent = rosters.history().getFirst().roster().hash();
    return Samples.signed(Samples.roster(2, parent, NEXT, members), rosters.federation(), signers);
  }

  private Standing standing(FederationFile file) throws MalformedException {
    FederationFile read = FederationFile.read(file.write().getBytes(StandardCharsets.UTF_8));
    return read.load(clock) instanceof Standing standing ? standing : fail("not standing");
  }

  private FederationFile file(SignedRoster next, DatedRevocation... revocations) {
    List<SignedRoster> all = new ArrayList<>(rosters.history());
    all.add(next);
    return new FederationFile(Samples.NONCE, all, List.of(revocations));
  }

  @Test
  void aRevokedKeysVoteDoesNotCountForAnEpochChangeAfterItsRevocation() throws MalformedException {
    SignedRoster thiefs = second(founders.subList(1, 5), founders.subList(0, 4));
    for (long date : List.of(0L, 1L)) {
      Standing standing = standing(file(thiefs, new DatedRevocation(revocation, date)));
      assertThat(standing.rosters().latest().roster().epoch()).isEqualTo(1);
      assertThat(standing.rosters().revoked(stolen.address())).isTrue();
      assertThat(standing.proposal())
          .hasValueSatisfying(proposal -> assertThat(proposal.lacks()).contains("REVOKED"));
    }
    rosters.apply(revocation);
    assertThat(rosters.apply(thiefs)).isInstanceOf(Rosters.Change.Refused.class);
  }

  @Test
  void aRevokedKeysVoteStillCountsForTheEpochChangeBeforeItsRevocation() throws MalformedException {
    rosters.apply(second(founders.subList(1, 5), founders.subList(0, 4)));
    rosters.apply(revocation);
    Standing standing = standing(FederationFile.of(rosters, Samples.NONCE));
    assertThat(standing.proposal()).isEmpty();
    assertThat(standing.rosters().history()).isEqualTo(rosters.history());
    assertThat(standing.rosters().revocations())
        .containsExactly(new DatedRevocation(revocation, 2))
        .isEqualTo(rosters.revocations());
  }

  @Test
  void aRosterThatSeatsARevokedMemberDoesNotLoad() {
    FederationFile file = file(second(founders, founders), new DatedRevocation(revocation, 1));
    assertThatThrownBy(() -> file.load(clock))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("rosters[1]: MEMBER")
        .hasMessageContaining("is revoked");
    FederationFile undated = file(second(founders, founders), new DatedRevocation(revocation, 0));
    assertThatThrownBy(() -> undated.load(clock)).isInstanceOf(MalformedException.class);
  }

  @Test
  void anUndatedRevocationCountsFromTheFirstEpochThatSeatsItsOwner() throws MalformedException {
    KeyPair late = keys.getLast();
    Revocation own = Revocation.sign(late, rosters.federation().domain());
    SignedRoster next = second(keys.subList(1, 6), founders);
    Standing standing = standing(file(next, new DatedRevocation(own, 0)));
    assertThat(standing.rosters().revocations()).containsExactly(new DatedRevocation(own, 2));
    FederationFile early = file(next, new DatedRevocation(own, 1));
    assertThatThrownBy(() -> early.load(clock)).hasMessageContaining("was never a member");
    FederationFile future = file(next, new DatedRevocation(own, 3));
    assertThatThrownBy(() -> future.load(clock)).hasMessageContaining("still to come");
  }

  @Test
  void aRevocationTakesTheProposalThatSeatsItsOwnerOutOfTheFile() throws MalformedException {
    FederationFile file = file(second(founders, founders.subList(0, 2)));
    Standing standing = standing(file.with(new DatedRevocation(revocation, 1)));
    assertThat(standing.proposal()).isEmpty();
    assertThat(standing.rosters().revoked(stolen.address())).isTrue();
    FederationFile without = file(second(founders.subList(1, 5), founders.subList(0, 2)));
    assertThat(standing(without.with(new DatedRevocation(revocation, 1))).proposal()).isPresent();
  }
}
