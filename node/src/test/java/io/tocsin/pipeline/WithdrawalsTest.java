package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.Reorged;
import io.tocsin.chain.HeadRing;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Evidence;
import io.tocsin.claim.Report;
import io.tocsin.claim.ReportCodec;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Verified;
import io.tocsin.quorum.Verdict;
import io.tocsin.quorum.Votes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which claims a node withdraws, and when. */
final class WithdrawalsTest {
  private static final Instant NOW = Samples.BLOCK_TIME.plusSeconds(60);
  private static final Claim.ExploitMined CLAIM = Samples.mined(1);
  private static final Hash32 CLAIMED = CLAIM.block().hash();
  private static final BlockRef BLOCK = new BlockRef(10, CLAIMED, Samples.BLOCK_TIME);
  private static final BlockRef OTHER = new BlockRef(10, hash("other"), Samples.BLOCK_TIME);
  private static final BlockRef PARENT = new BlockRef(9, hash("parent"), Samples.BLOCK_TIME);
  private static final KeyPair SELF = io.tocsin.identity.Samples.keys(5, 1).getFirst();
  private static final Domain DOMAIN = new Domain(hash("town"));

  private final Grounds grounds = new Grounds();
  private final Withdrawals withdrawals = new Withdrawals(grounds);
  private final FakeChain.FakeCanon canon = new FakeChain.FakeCanon();

  private List<Withdrawals.Voided> voided(Instant at) {
    return withdrawals.voided(CLAIM.chain(), canon, at);
  }

  private void gone() {
    withdrawals.stand(CLAIM);
    grounds.saw(CLAIMED, 10);
    withdrawals.reorged(new Reorged(CLAIM.chain(), List.of(BLOCK), PARENT), NOW);
  }

  @Test
  void aClaimIsVoidOnceAnotherBlockLiesDeepInThePlaceAndIsToldOnce() {
    gone();
    assertThat(voided(NOW)).isEmpty();
    canon.deep.put(10L, OTHER);
    assertThat(voided(NOW)).containsExactly(new Withdrawals.Voided(CLAIM, OTHER));
    assertThat(voided(NOW)).isEmpty();
    assertThat(withdrawals.doubts(CLAIM.chain())).isFalse();
  }

  @Test
  void aBlockThatCameBackVoidsNothingAndMayLeaveAgain() {
    gone();
    canon.deep.put(10L, BLOCK);
    assertThat(voided(NOW)).isEmpty();
    assertThat(withdrawals.doubts(CLAIM.chain())).isFalse();
    canon.deep.put(10L, OTHER);
    assertThat(voided(NOW)).as("nobody doubts it").isEmpty();
    gone();
    assertThat(voided(NOW)).hasSize(1);
  }

  @Test
  void claimsOfOtherBlocksAndOfOthersAreLeftAlone() {
    withdrawals.stand(Samples.mined(2));
    withdrawals.reorged(new Reorged(CLAIM.chain(), List.of(BLOCK), PARENT), NOW);
    canon.deep.put(10L, OTHER);
    assertThat(withdrawals.doubts(CLAIM.chain())).isFalse();
    assertThat(voided(NOW)).isEmpty();
  }

  @Test
  void afterADeepChangeEveryClaimOfTheChainIsDoubted() {
    withdrawals.stand(CLAIM);
    grounds.saw(CLAIMED, 10);
    List<BlockRef> removed =
        LongStream.range(1_000, 1_000 + HeadRing.CAPACITY)
            .mapToObj(n -> new BlockRef(n, hash("block" + n), Samples.BLOCK_TIME))
            .toList();
    withdrawals.reorged(new Reorged(CLAIM.chain(), removed, PARENT), NOW);
    canon.deep.put(10L, OTHER);
    assertThat(voided(NOW)).hasSize(1);
  }

  @Test
  void whatTheEndpointsDoNotSettleIsGivenUpAfterAnHour() {
    gone();
    assertThat(voided(NOW.plus(Duration.ofHours(1)))).isEmpty();
    assertThat(withdrawals.doubts(CLAIM.chain())).isTrue();
    assertThat(voided(NOW.plus(Duration.ofMinutes(61)))).isEmpty();
    assertThat(withdrawals.doubts(CLAIM.chain())).isFalse();
  }

  private static Verified<Report> report(KeyPair author) throws MalformedException {
    Report report =
        new Report(
            CLAIM, new Evidence(OptionalLong.of(10), List.of(), Optional.empty()), "it was robbed");
    Envelope envelope =
        Envelope.seal(
            author,
            DOMAIN,
            ReportCodec.TOPIC.name(),
            1,
            ReportCodec.encode(report, author.address(), NOW));
    return Verified.open(
            envelope, DOMAIN, _ -> Optional.of(author.publicKey()), ReportCodec.TOPIC.decoder())
        .orElseThrow();
  }

  @Test
  void whatItReportedBeforeAStopIsLookedAtAgain() throws Exception {
    withdrawals.resume(List.of(report(SELF)), List.of(), SELF.address(), NOW);
    canon.deep.put(10L, OTHER);
    assertThat(voided(NOW)).hasSize(1);
  }

  @Test
  void whatItConfirmedIsPlacedByItsOwnEndpoints() throws Exception {
    KeyPair other = io.tocsin.identity.Samples.keys(6, 1).getFirst();
    var confirmed =
        Votes.arrived(SELF, DOMAIN, Votes.vote(SELF, DOMAIN, CLAIM.id(), 1, Verdict.CONFIRM));
    withdrawals.resume(List.of(report(other)), List.of(confirmed), SELF.address(), NOW);
    canon.deep.put(10L, OTHER);
    assertThat(voided(NOW)).as("a peer's word about the place counts for nothing").isEmpty();
    canon.numbers.put(CLAIMED, 10L);
    assertThat(voided(NOW)).hasSize(1);
  }

  @Test
  void whatItRefutedOrOnlyHeardOfIsNotItsToWithdraw() throws Exception {
    KeyPair other = io.tocsin.identity.Samples.keys(6, 1).getFirst();
    var refuted =
        Votes.arrived(SELF, DOMAIN, Votes.vote(SELF, DOMAIN, CLAIM.id(), 1, Verdict.REFUTE));
    withdrawals.resume(List.of(report(other)), List.of(refuted), SELF.address(), NOW);
    assertThat(withdrawals.doubts(CLAIM.chain())).isFalse();
  }
}
