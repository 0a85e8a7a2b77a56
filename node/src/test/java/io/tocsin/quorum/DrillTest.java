package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.ClaimWire;
import io.tocsin.claim.ReportCodec;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Rlp;
import io.tocsin.identity.Rosters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A drill is read as what it is and as nothing else, and its answers are counted by weight. */
final class DrillTest {
  private static final Instant NOW = io.tocsin.identity.Samples.BEGIN.plusSeconds(60);
  private static final Drill DRILL = new Drill(Keccak.hashUtf8("drill"), NOW);

  private final List<KeyPair> keys = io.tocsin.identity.Samples.keys(5, 5);
  private final Rosters rosters = io.tocsin.identity.Samples.rosters(keys, () -> NOW);

  private Muster muster() {
    return new Muster(rosters.current(NOW).orElseThrow(), rosters::revoked, NOW);
  }

  @Test
  void isReadAsItWasWritten() throws MalformedException {
    assertThat(Drill.decode(DRILL.encode())).isEqualTo(DRILL);
    DrillAnswer answer = new DrillAnswer(DRILL.id());
    assertThat(DrillAnswer.decode(answer.encode())).isEqualTo(answer);
  }

  @Test
  void refusesWhatIsNoDrill() {
    for (Bytes wire :
        List.of(
            Bytes.EMPTY,
            new DrillAnswer(DRILL.id()).encode(),
            Rlp.encode(List.of(DRILL.id(), Long.MAX_VALUE)),
            Rlp.encode(List.of(DRILL.id(), 1L, 1L)))) {
      assertThatThrownBy(() -> Drill.decode(wire)).isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> DrillAnswer.decode(DRILL.encode()))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void canBeTakenForNothingElseAndNothingElseForIt() {
    Bytes drill = DRILL.encode();
    Bytes answer = new DrillAnswer(DRILL.id()).encode();
    for (Bytes wire : List.of(drill, answer)) {
      assertThatThrownBy(() -> ReportCodec.decode(wire)).isInstanceOf(MalformedException.class);
      assertThatThrownBy(() -> ClaimWire.decode(wire)).isInstanceOf(MalformedException.class);
      assertThatThrownBy(() -> Attestation.decode(wire)).isInstanceOf(MalformedException.class);
      assertThat(new Committee(rosters).verify(wire)).isInstanceOf(Check.Invalid.class);
    }
    Bytes claim = ClaimWire.encode(Samples.mined(1));
    Bytes vote =
        Votes.vote(keys.getFirst(), rosters.federation().domain(), DRILL.id(), 1, Verdict.CONFIRM)
            .encode();
    for (Bytes wire : List.of(claim, vote)) {
      assertThatThrownBy(() -> Drill.decode(wire)).isInstanceOf(MalformedException.class);
      assertThatThrownBy(() -> DrillAnswer.decode(wire)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void aQuorumOfAnswersIsTimedAndEveryAnswerCountsOnce() {
    Muster muster = muster();
    for (int i = 0; i < 3; i++) {
      muster.add(keys.get(i).address(), NOW.plusMillis(10 + i));
      muster.add(keys.get(i).address(), NOW.plusMillis(500));
    }
    assertThat(muster.quorum()).as("three of five are not more than two thirds").isEmpty();
    muster.add(keys.get(3).address(), NOW.plusMillis(20));
    assertThat(muster.quorum()).contains(Duration.ofMillis(20));
    assertThat(muster.complete()).isFalse();
    assertThat(muster.answer(keys.get(1).address())).contains(Duration.ofMillis(11));
    assertThat(muster.answer(keys.get(4).address())).isEmpty();
    muster.add(keys.get(4).address(), NOW.plusMillis(30));
    assertThat(muster.complete()).isTrue();
    assertThat(muster.quorum()).contains(Duration.ofMillis(20));
  }

  @Test
  void whoIsNoMemberOrRevokedIsNotCounted() {
    Hash32 nobody = Keccak.hashUtf8("nobody");
    Muster muster =
        new Muster(rosters.current(NOW).orElseThrow(), keys.getFirst().address()::equals, NOW);
    muster.add(Address.fromWord(nobody), NOW);
    muster.add(keys.getFirst().address(), NOW);
    assertThat(muster.members()).hasSize(4);
    for (KeyPair key : keys.subList(1, 4)) {
      muster.add(key.address(), NOW);
    }
    assertThat(muster.quorum()).as("the revoked weight stays in the whole").isEmpty();
    muster.add(keys.get(4).address(), NOW);
    assertThat(muster.complete()).isTrue();
    assertThat(muster.quorum()).isPresent();
  }
}
