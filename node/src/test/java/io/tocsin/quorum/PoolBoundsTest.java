package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.Samples;
import io.tocsin.quorum.Tally.RefusalReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pool keeps, how long, and for whom. */
final class PoolBoundsTest {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Duration ROTATION = Duration.ofDays(30);
  private static final Tally TOO_MANY = new Tally.Refused(RefusalReason.TOO_MANY_BUFFERED);

  private final List<KeyPair> keys = Samples.keys(4, 5);
  private final Samples.Clock clock = new Samples.Clock(Samples.BEGIN);
  private final Rosters rosters = Samples.rosters(keys, clock);
  private final Domain domain = rosters.federation().domain();
  private final MemoryEvidenceBook evidence = new MemoryEvidenceBook();
  private AttestationPool pool = pool(LIFE);

  private AttestationPool pool(Duration life) {
    return new AttestationPool(
        rosters, evidence, (_, _) -> List.of(), new AttestationPool.Limits(4, 2, life), clock);
  }

  private static Claim claim(long seed) {
    return io.tocsin.claim.Samples.mined(seed);
  }

  private Tally add(int member, long seed, long epoch, Verdict verdict) {
    KeyPair key = keys.get(member);
    Hash32 claimId = claim(seed).id();
    return pool.add(Votes.arrived(key, domain, Votes.vote(key, domain, claimId, epoch, verdict)));
  }

  private Tally confirm(int member, long seed) {
    return add(member, seed, 1, Verdict.CONFIRM);
  }

  private void rotate() {
    Hash32 parent = rosters.latest().roster().hash();
    rosters.apply(
        Samples.signed(
            Samples.roster(2, parent, Samples.BEGIN.plus(ROTATION), keys),
            rosters.federation(),
            keys));
    clock.advance(ROTATION);
  }

  @Test
  void aClaimThatBecomesKnownFreesThePlacesOfWhatWaitedForIt() {
    confirm(0, 1);
    confirm(0, 2);
    assertThat(confirm(0, 3)).isEqualTo(TOO_MANY);
    assertThat(pool.know(claim(1))).isEqualTo(new Tally.Pending(1, 4));
    assertThat(confirm(0, 3)).isEqualTo(new Tally.Buffered());
    assertThat(confirm(0, 4)).isEqualTo(TOO_MANY);
  }

  @Test
  void whatIsForgottenBeforeItIsKnownFreesItsPlace() {
    confirm(0, 1);
    confirm(0, 2);
    for (long seed = 11; seed <= 14; seed++) {
      confirm(1, seed);
      pool.know(claim(seed));
    }
    assertThat(pool.size()).isEqualTo(4);
    assertThat(confirm(0, 3)).isEqualTo(new Tally.Buffered());
    assertThat(confirm(0, 4)).isEqualTo(new Tally.Buffered());
    assertThat(confirm(0, 5))
        .as("the third, but the first was forgotten for it")
        .isEqualTo(TOO_MANY);
  }

  @Test
  void whatIsKnownTakesNoPlaceHoweverManyThereAre() {
    for (long seed = 1; seed <= 4; seed++) {
      pool.know(claim(seed));
      assertThat(confirm(0, seed)).isEqualTo(new Tally.Pending(1, 4));
    }
    assertThat(confirm(0, 5)).isEqualTo(new Tally.Buffered());
  }

  @Test
  void theSameAttestationTakesNoSecondPlace() {
    assertThat(confirm(0, 1)).isEqualTo(new Tally.Buffered());
    assertThat(confirm(0, 1)).isEqualTo(new Tally.Duplicate());
    assertThat(confirm(0, 2)).isEqualTo(new Tally.Buffered());
    assertThat(confirm(0, 2)).isEqualTo(new Tally.Duplicate());
    assertThat(confirm(0, 3)).isEqualTo(TOO_MANY);
  }

  @Test
  void whatWaitsForAClaimThatOthersSpokeOfTakesAPlaceToo() {
    confirm(0, 1);
    confirm(0, 2);
    assertThat(confirm(1, 1)).isEqualTo(new Tally.Buffered());
    assertThat(confirm(1, 2)).isEqualTo(new Tally.Buffered());
    assertThat(confirm(1, 3)).isEqualTo(TOO_MANY);
  }

  @Test
  void aClaimIsCountedToTheEndOfItsLife() {
    pool.know(claim(1));
    confirm(0, 1);
    clock.advance(LIFE);
    assertThat(confirm(1, 1)).isEqualTo(new Tally.Pending(2, 4));
    clock.advance(Duration.ofNanos(1));
    assertThat(confirm(2, 1)).isEqualTo(new Tally.Buffered());
    assertThat(pool.know(claim(1))).isEqualTo(new Tally.Pending(1, 4));
    clock.advance(LIFE.plusNanos(1));
    assertThat(pool.know(claim(1))).as("known anew").isEqualTo(new Tally.Pending(0, 4));
  }

  @Test
  void whatTheOldEpochConfirmedCountsThoughTheNewOneHasBegun() {
    pool = pool(ROTATION.multipliedBy(2));
    for (int i = 0; i < 4; i++) {
      confirm(i, 1);
    }
    rotate();
    assertThat(add(0, 1, 2, Verdict.CONFIRM)).isEqualTo(new Tally.Buffered());
    assertThat(pool.know(claim(1)))
        .isInstanceOfSatisfying(
            Tally.Reached.class, reached -> assertThat(reached.certificate().epoch()).isEqualTo(1));
  }

  @Test
  void aRefutationIsCountedOnceAndEvidenceWhicheverCameFirst() {
    pool.know(claim(1));
    assertThat(add(0, 1, 1, Verdict.REFUTE)).isEqualTo(new Tally.Pending(0, 4));
    assertThat(add(0, 1, 1, Verdict.REFUTE)).isEqualTo(new Tally.Duplicate());
    assertThat(confirm(0, 1)).isInstanceOf(Tally.Conflict.class);
    assertThat(evidence.all())
        .singleElement()
        .satisfies(proof -> assertThat(proof.proven(rosters)).isTrue());
    assertThat(confirm(0, 1)).as("never again").isEqualTo(new Tally.Duplicate());
    assertThat(confirm(1, 1)).isEqualTo(new Tally.Pending(1, 4));
  }

  @Test
  void whoContradictedItselfCountsInNoEpoch() {
    pool = pool(ROTATION.multipliedBy(2));
    pool.know(claim(1));
    confirm(0, 1);
    add(0, 1, 1, Verdict.REFUTE);
    rotate();
    assertThat(add(0, 1, 2, Verdict.CONFIRM)).isEqualTo(new Tally.Duplicate());
    assertThat(add(1, 1, 2, Verdict.CONFIRM)).isEqualTo(new Tally.Pending(1, 4));
  }

  @Test
  void aConfirmationIsCountedAnewInTheNextEpochAndNotWithTheOldOnes() {
    pool = pool(ROTATION.multipliedBy(2));
    pool.know(claim(1));
    for (int i = 0; i < 3; i++) {
      assertThat(confirm(i, 1)).isEqualTo(new Tally.Pending(i + 1, 4));
    }
    rotate();
    for (int i = 0; i < 3; i++) {
      assertThat(add(i, 1, 2, Verdict.CONFIRM)).isEqualTo(new Tally.Pending(i + 1, 4));
    }
    assertThat(add(3, 1, 2, Verdict.CONFIRM))
        .isInstanceOfSatisfying(
            Tally.Reached.class, reached -> assertThat(reached.certificate().epoch()).isEqualTo(2));
  }

  @Test
  void aFullPoolForgetsTheOldestOfThoseThatTheFewestSpokeOf() {
    for (long seed = 1; seed <= 5; seed++) {
      pool.know(claim(seed));
    }
    assertThat(pool.know(claim(2))).isEqualTo(new Tally.Duplicate());
    assertThat(pool.know(claim(1))).as("forgotten").isEqualTo(new Tally.Pending(0, 4));
    assertThat(pool.size()).isEqualTo(4);
  }

  @Test
  void withoutARosterInForceNothingIsNeededAndNothingReached() {
    clock.advance(Duration.ofDays(400));
    assertThat(pool.know(claim(1))).isEqualTo(new Tally.Pending(0, 0));
    assertThat(confirm(0, 1)).isEqualTo(new Tally.Refused(RefusalReason.OTHER_EPOCH));
  }
}
