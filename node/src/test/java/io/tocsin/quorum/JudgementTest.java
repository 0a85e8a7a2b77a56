package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Claim.BlockStamp;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.Claim.ExploitPending;
import io.tocsin.claim.Claim.Turn;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Keccak;
import io.tocsin.quorum.Opinion.Abstain;
import io.tocsin.quorum.Opinion.AbstainReason;
import io.tocsin.quorum.Opinion.Confirm;
import io.tocsin.quorum.Opinion.Wait;
import io.tocsin.quorum.OwnView.Harm;
import io.tocsin.quorum.OwnView.Simulation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What each view of a claim leads to, to the second and to the word. */
final class JudgementTest {
  private static final Patience PATIENCE = Patience.DEFAULT;
  private static final Instant NOW = Samples.BLOCK_TIME.plusSeconds(1);
  private static final ExploitMined MINED = Samples.mined(1);
  private static final ExploitPending PENDING = Samples.pending(1);
  private static final Claim CLEAR = Samples.allClear(1);
  private static final OwnView SEEN =
      new OwnView.Mined(MINED.block(), true, false, harm(MINED.subject()));
  private static final OwnView CANONICAL =
      new OwnView.Canonical(MINED.block().hash(), Optional.empty());
  private static final Opinion MISMATCH =
      new Abstain(AbstainReason.UNAVAILABLE, "the view answers another kind of claim");
  private static final Opinion AGAIN = new Wait(NOW.plus(PATIENCE.again()));

  private static Harm harm(Claim.Subject subject) {
    return new Harm(
        Map.of(subject.address(), subject.code()), Set.of(subject.address()), Optional.empty());
  }

  private static OwnView waiting(Turn turn, BlockStamp head, Simulation simulation) {
    return new OwnView.Pending(turn, head, simulation, harm(PENDING.subject()));
  }

  private static OwnView waiting() {
    return waiting(PENDING.turn(), PENDING.head(), new Simulation(true, true, true, false));
  }

  private static Opinion of(Claim claim, OwnView view) {
    return Judgement.of(claim, view, PATIENCE, NOW);
  }

  private static AbstainReason abstains(Claim claim, OwnView view) {
    if (of(claim, view) instanceof Abstain(AbstainReason reason, String _)) {
      return reason;
    }
    throw new AssertionError(of(claim, view));
  }

  @Test
  void whoDoesNotWatchTheChainSaysWhich() {
    for (Claim claim : List.of(MINED, PENDING, CLEAR)) {
      String chain = claim.where().orElseThrow().toString();
      assertThat(of(claim, new OwnView.Unwatched()))
          .isEqualTo(new Abstain(AbstainReason.UNKNOWN_CHAIN, "it does not watch " + chain));
    }
  }

  @Test
  void silentEndpointsAreAskedAgainForTenMinutes() {
    OwnView silent = new OwnView.Unavailable("down");
    Opinion given = new Abstain(AbstainReason.UNAVAILABLE, "down");
    Instant end = Samples.BLOCK_TIME.plus(PATIENCE.giveUp());
    for (Claim claim : List.of(MINED, PENDING)) {
      assertThat(of(claim, silent)).isEqualTo(AGAIN);
      assertThat(Judgement.of(claim, silent, PATIENCE, end.minusNanos(1))).isInstanceOf(Wait.class);
      assertThat(Judgement.of(claim, silent, PATIENCE, end)).isEqualTo(given);
    }
    assertThat(of(CLEAR, silent)).isEqualTo(given);
  }

  @Test
  void aPendingClaimWaitsForAChainThatIsBehind() {
    assertThat(of(PENDING, new OwnView.Behind(NOW.plusSeconds(1))))
        .isEqualTo(new Wait(NOW.plusSeconds(1)));
    Instant end = Samples.BLOCK_TIME.plus(PATIENCE.giveUp());
    assertThat(Judgement.of(PENDING, new OwnView.Behind(end), PATIENCE, end))
        .isEqualTo(new Abstain(AbstainReason.BEHIND, "its chain is still behind the claim"));
  }

  @Test
  void whatIsMinedForOneAndPendingForAnotherIsLookedAtAgainOrNot() {
    assertThat(of(MINED, waiting())).isEqualTo(AGAIN);
    assertThat(abstains(PENDING, SEEN)).isEqualTo(AbstainReason.NOT_INCLUDABLE);
  }

  @Test
  void aViewOfAnotherKindOfClaimSaysNothing() {
    assertThat(of(MINED, CANONICAL)).isEqualTo(MISMATCH);
    assertThat(of(PENDING, CANONICAL)).isEqualTo(MISMATCH);
    for (OwnView view : List.of(new OwnView.Absent(true, NOW), SEEN, waiting())) {
      assertThat(of(CLEAR, view)).isEqualTo(MISMATCH);
    }
  }

  @Test
  void aTransactionIsAbsentOnceTheHeadIsTwoMinutesPastItsBlock() {
    Instant settled = Samples.BLOCK_TIME.plus(PATIENCE.settle());
    assertThat(of(MINED, new OwnView.Absent(true, settled.minusNanos(1)))).isEqualTo(AGAIN);
    assertThat(of(MINED, new OwnView.Absent(true, settled)))
        .isEqualTo(new Opinion.Refute(Opinion.RefuteReason.TX_ABSENT));
  }

  @Test
  void aPendingAttackMustStandWhereItIsClaimedToStand() {
    Simulation good = new Simulation(true, true, true, false);
    Turn later = new Turn(PENDING.turn().sender(), PENDING.turn().nonce() + 1);
    BlockStamp other = new BlockStamp(Keccak.hashUtf8("other"), PENDING.head().time());
    assertThat(of(PENDING, waiting())).isEqualTo(new Confirm());
    assertThat(abstains(PENDING, waiting(later, PENDING.head(), good)))
        .isEqualTo(AbstainReason.NOT_INCLUDABLE);
    assertThat(abstains(PENDING, waiting(PENDING.turn(), other, good)))
        .isEqualTo(AbstainReason.NOT_INCLUDABLE);
    Simulation failed = new Simulation(true, true, true, true);
    assertThat(abstains(PENDING, waiting(PENDING.turn(), PENDING.head(), failed)))
        .isEqualTo(AbstainReason.NOT_ROBUST);
  }

  @Test
  void anAllClearWaitsUntilTheTimeItIsToldAndNoLonger() {
    assertThat(of(CLEAR, new OwnView.Behind(NOW.plusNanos(1))))
        .isEqualTo(new Wait(NOW.plusNanos(1)));
    assertThat(abstains(CLEAR, new OwnView.Behind(NOW))).isEqualTo(AbstainReason.BEHIND);
  }

  @Test
  void aSubjectThatIsNoVictimIsNamed() {
    Address subject = MINED.subject().address();
    Harm other =
        new Harm(Map.of(Address.ZERO, MINED.subject().code()), Set.of(subject), Optional.empty());
    assertThat(of(MINED, new OwnView.Mined(MINED.block(), true, false, other)))
        .isEqualTo(new Abstain(AbstainReason.NOT_A_VICTIM, subject + " is none of its 1 victims"));
    Harm unread = new Harm(Map.of(), Set.of(subject), Optional.of("no state"));
    assertThat(of(MINED, new OwnView.Mined(MINED.block(), true, false, unread)))
        .isEqualTo(new Abstain(AbstainReason.NOT_ANALYSED, "no state"));
  }
}
