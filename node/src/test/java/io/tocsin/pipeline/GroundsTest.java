package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Samples;
import io.tocsin.quorum.OwnView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node knows of the claim that an all-clear would void. */
final class GroundsTest {
  private static final Instant NOW = Samples.BLOCK_TIME.plusSeconds(60);
  private static final Claim.ExploitMined CLAIM = Samples.mined(1);
  private static final Claim.AllClear CLEAR = Samples.allClear(1);
  private static final Hash32 CLAIMED = CLAIM.block().hash();
  private static final BlockRef OTHER = new BlockRef(10, CLEAR.block(), Samples.BLOCK_TIME);

  private final Grounds grounds = new Grounds();
  private final FakeChain.FakeCanon canon = new FakeChain.FakeCanon();

  private OwnView view(Instant at) {
    return grounds.view(CLEAR, canon, at);
  }

  @Test
  void thePlaceOfABlockItSawItselfIsLookedAtOnTheCanonicalChain() {
    grounds.know(CLAIM);
    grounds.saw(CLAIMED, 10);
    canon.deep.put(10L, OTHER);
    assertThat(view(NOW)).isEqualTo(new OwnView.Canonical(CLAIMED, Optional.of(OTHER.hash())));
    canon.deep.put(10L, new BlockRef(10, CLAIMED, Samples.BLOCK_TIME));
    assertThat(view(NOW)).isEqualTo(new OwnView.Canonical(CLAIMED, Optional.of(CLAIMED)));
  }

  @Test
  void aBlockItNeverSawIsPlacedByItsEndpointsOrNotAtAll() {
    grounds.know(CLAIM);
    canon.deep.put(10L, OTHER);
    assertThat(view(NOW)).isInstanceOf(OwnView.Behind.class);
    canon.numbers.put(CLAIMED, 10L);
    assertThat(view(NOW)).isEqualTo(new OwnView.Canonical(CLAIMED, Optional.of(OTHER.hash())));
  }

  @Test
  void itWaitsTenMinutesForAPlaceToLieDeepAndNoLonger() {
    grounds.know(CLAIM);
    grounds.saw(CLAIMED, 10);
    assertThat(view(NOW))
        .isInstanceOfSatisfying(
            OwnView.Behind.class, behind -> assertThat(behind.again()).isAfter(NOW));
    Instant last = NOW.plus(Duration.ofMinutes(10));
    assertThat(view(last.minusSeconds(1))).isInstanceOf(OwnView.Behind.class);
    assertThat(view(last)).isEqualTo(new OwnView.Canonical(CLAIMED, Optional.empty()));
  }

  @Test
  void anUnknownClaimMayStillComeButNotForEver() {
    assertThat(view(NOW)).isInstanceOf(OwnView.Behind.class);
    assertThat(view(NOW.plus(Duration.ofMinutes(10)))).isInstanceOf(OwnView.Unavailable.class);
  }

  @Test
  void onlyClaimsOnMinedTransactionsOfThatChainAreVoided() {
    Claim pending = Samples.pending(2);
    grounds.know(pending);
    Claim.AllClear ofPending = new Claim.AllClear(pending.id(), ChainId.evm(31_337), OTHER.hash());
    assertThat(grounds.view(ofPending, canon, NOW)).isInstanceOf(OwnView.Unavailable.class);
    grounds.know(CLAIM);
    Claim.AllClear elsewhere = new Claim.AllClear(CLAIM.id(), ChainId.evm(10), OTHER.hash());
    assertThat(grounds.view(elsewhere, canon, NOW)).isInstanceOf(OwnView.Unavailable.class);
  }

  @Test
  void aFloodOfAllClearsIsNotWaitedFor() {
    for (int i = 0; i < 64; i++) {
      Claim.AllClear bogus = new Claim.AllClear(hash("bogus" + i), CLAIM.chain(), OTHER.hash());
      assertThat(grounds.view(bogus, canon, NOW)).isInstanceOf(OwnView.Behind.class);
    }
    assertThat(view(NOW)).as("the 65th").isInstanceOf(OwnView.Unavailable.class);
    assertThat(view(NOW.plus(Duration.ofMinutes(11))))
        .as("after the others' time")
        .isInstanceOf(OwnView.Behind.class);
  }
}
