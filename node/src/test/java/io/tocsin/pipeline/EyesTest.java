package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.code;
import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Threads;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.PendingTrials.Trial;
import io.tocsin.chain.Position;
import io.tocsin.chain.TraceSource.Answer;
import io.tocsin.chain.TxTrace;
import io.tocsin.claim.Claim;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Sightings;
import io.tocsin.quorum.OwnView;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node holds of a claim, judged by recorded traces of real transactions. */
final class EyesTest {
  static final ChainId CHAIN = ChainId.evm(1);
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Hash32 TX = hash("tx");
  static final BlockRef PARENT = block(9);
  static final BlockRef HEAD = block(10);
  private static final Agreement AGREED = new Agreement.Agreed(2, Set.of("north", "south"));

  private final ExecutorService cpu = Threads.cpu("eyes", 1, 16);
  private final FakeChain chain = new FakeChain(CHAIN);
  private final Eyes eyes =
      new Eyes(
          Map.of(CHAIN, chain.ports()),
          new Detectors(DetectConfig.DEFAULT),
          cpu,
          new Sightings(16),
          () -> NOW);

  private static BlockRef block(long number) {
    return new BlockRef(number, hash("block " + number), NOW.minusSeconds(12));
  }

  @BeforeEach
  void head() {
    eyes.advanced(CHAIN, HEAD);
  }

  @AfterEach
  void stop() {
    cpu.shutdownNow();
  }

  static Traced exploit(BlockRef on) {
    return new Traced(Recorded.exploit(CHAIN, TX, new Position.Pending(on, 3)), AGREED, NOW);
  }

  static Traced harmless() {
    return new Traced(Recorded.harmless(CHAIN, TX, new Position.Pending(HEAD, 3)), AGREED, NOW);
  }

  /** The first victim of the exploit, whose code is known from now on. */
  private Address victim() {
    Address victim = eyes.look(exploit(PARENT)).report().findings().getFirst().subject();
    chain.codes.put(victim, code("victim"));
    return victim;
  }

  private Claim.ExploitPending pending(BlockRef head) {
    return new Claim.ExploitPending(
        CHAIN,
        TX,
        new Claim.Turn(exploit(head).trace().sender(), 3),
        new Claim.BlockStamp(head.hash(), head.time()),
        new Claim.Subject(victim(), code("victim").normalised()));
  }

  private OwnView.Pending sees(Claim claim) {
    OwnView view = eyes.view(claim);
    assertThat(view).isInstanceOf(OwnView.Pending.class);
    return (OwnView.Pending) view;
  }

  @Test
  void aPendingExploitThatHarmsInEverySurroundingsIsIncludableAndRobust() {
    Claim.ExploitPending claim = pending(HEAD);
    chain.trials.put(
        TX, new Trial.Includable(exploit(HEAD), Collections.nCopies(5, exploit(HEAD))));
    OwnView.Pending view = sees(claim);
    assertThat(view.simulation()).isEqualTo(new OwnView.Simulation(true, true, true, false));
    assertThat(view.turn()).isEqualTo(claim.turn());
    assertThat(view.head()).isEqualTo(claim.head());
    assertThat(view.harm().victims())
        .containsEntry(claim.subject().address(), code("victim").normalised());
  }

  @Test
  void oneThatIsHarmlessInOneOfThemIsNotRobust() {
    Claim.ExploitPending claim = pending(HEAD);
    chain.trials.put(
        TX,
        new Trial.Includable(
            exploit(HEAD),
            List.of(exploit(HEAD), exploit(HEAD), harmless(), exploit(HEAD), exploit(HEAD))));
    assertThat(sees(claim).simulation())
        .isEqualTo(new OwnView.Simulation(true, true, false, false));
  }

  @Test
  void oneWhoseChangedRunTheEndpointsDisputeIsNotRobust() {
    Claim.ExploitPending claim = pending(HEAD);
    Traced disputed =
        new Traced(exploit(HEAD).trace(), new Agreement.Lacking("two say two things"), NOW);
    chain.trials.put(TX, new Trial.Includable(exploit(HEAD), List.of(disputed)));
    assertThat(sees(claim).simulation().robust()).isFalse();
  }

  @Test
  void oneThatWasSeenAndCannotBeNextIsNotIncludable() {
    Claim.ExploitPending claim = pending(PARENT);
    chain.trials.put(TX, new Trial.NotIncludable("the sender cannot pay for it"));
    assertThat(sees(claim).simulation())
        .isEqualTo(new OwnView.Simulation(true, false, false, false));
  }

  @Test
  void oneThatNobodyHoldsIsAbsentAndOneThatCannotBeTriedUnavailable() {
    Claim.ExploitPending claim = pending(HEAD);
    assertThat(eyes.view(claim)).isInstanceOf(OwnView.Absent.class);
    chain.trials.put(TX, new Trial.Unavailable("no endpoint could simulate it"));
    assertThat(eyes.view(claim))
        .isEqualTo(new OwnView.Unavailable("no endpoint could simulate it"));
  }

  @Test
  void theSightThatTheClaimNamesIsJudgedAfterTheHeadMovedOn() {
    Claim.ExploitPending claim = pending(PARENT);
    chain.trials.put(TX, new Trial.Includable(exploit(HEAD), List.of(exploit(HEAD))));
    assertThat(sees(claim).head()).isEqualTo(claim.head());
  }

  @Test
  void aChainBehindTheClaimAsksForTime() {
    Claim.ExploitPending claim = pending(HEAD);
    Claim later =
        new Claim.ExploitPending(
            CHAIN,
            TX,
            claim.turn(),
            new Claim.BlockStamp(hash("later"), HEAD.time().plusSeconds(12)),
            claim.subject());
    assertThat(eyes.view(later))
        .isInstanceOfSatisfying(
            OwnView.Behind.class,
            behind -> assertThat(behind.again()).isBefore(NOW.plus(Duration.ofSeconds(1))));
  }

  @Test
  void aClaimOfAnUnwatchedChainIsSaidToBeSo() {
    Claim.ExploitPending claim = pending(HEAD);
    Claim elsewhere =
        new Claim.ExploitPending(ChainId.evm(10), TX, claim.turn(), claim.head(), claim.subject());
    assertThat(eyes.view(elsewhere)).isInstanceOf(OwnView.Unwatched.class);
  }

  @Test
  void aMinedExploitIsTracedAnewWhereOnlyItsPendingSightIsKept() {
    Address victim = victim();
    Claim.ExploitMined claim =
        new Claim.ExploitMined(
            CHAIN,
            TX,
            new Claim.BlockStamp(HEAD.hash(), HEAD.time()),
            new Claim.Subject(victim, code("victim").normalised()));
    chain.traces.put(TX, new Answer.Found(exploit(HEAD)));
    assertThat(eyes.view(claim)).isInstanceOf(OwnView.Behind.class);
    TxTrace mined = exploit(HEAD).trace().at(new Position.Mined(HEAD, PARENT.hash()));
    chain.traces.put(TX, new Answer.Found(new Traced(mined, AGREED, NOW)));
    assertThat(eyes.view(claim))
        .isInstanceOfSatisfying(
            OwnView.Mined.class,
            seen -> {
              assertThat(seen.agreed()).isTrue();
              assertThat(seen.block()).isEqualTo(claim.block());
              assertThat(seen.harm().victims()).containsKey(victim);
            });
  }

  private static final Agreement LACKING = new Agreement.Lacking("the second came too late");

  /** An exploit that the detectors find. */
  static Traced mined(BlockRef block, BlockRef parent, Agreement agreement) {
    TxTrace trace = exploit(block).trace().at(new Position.Mined(block, parent.hash()));
    return new Traced(trace, agreement, NOW);
  }

  private Claim.ExploitMined minedIn(BlockRef block) {
    return new Claim.ExploitMined(
        CHAIN,
        TX,
        new Claim.BlockStamp(block.hash(), block.time()),
        new Claim.Subject(victim(), code("victim").normalised()));
  }

  @Test
  void aSightThatEndpointsDidNotAgreeOnIsTracedAgain() {
    Claim.ExploitMined claim = minedIn(HEAD);
    eyes.look(mined(HEAD, PARENT, LACKING));
    chain.traces.put(TX, new Answer.Unavailable("nobody answers"));
    assertThat(eyes.view(claim)).isEqualTo(new OwnView.Unavailable("nobody answers"));
    chain.traces.put(TX, new Answer.Found(mined(HEAD, PARENT, AGREED)));
    assertThat(eyes.view(claim))
        .isInstanceOfSatisfying(OwnView.Mined.class, seen -> assertThat(seen.agreed()).isTrue());
    chain.traces.clear();
    eyes.look(mined(HEAD, PARENT, LACKING));
    assertThat(eyes.view(claim))
        .as("what was agreed once stays so")
        .isInstanceOfSatisfying(OwnView.Mined.class, seen -> assertThat(seen.agreed()).isTrue());
  }

  @Test
  void aSightInABlockThatLeftTheChainCountsNoMore() {
    Claim.ExploitMined claim = minedIn(HEAD);
    eyes.look(mined(HEAD, PARENT, AGREED));
    assertThat(eyes.view(claim)).isInstanceOf(OwnView.Mined.class);
    eyes.reorged(new ChainEvent.Reorged(CHAIN, List.of(HEAD), PARENT));
    BlockRef other = new BlockRef(10, hash("another block 10"), HEAD.time());
    eyes.advanced(CHAIN, other);
    assertThat(eyes.view(claim)).isInstanceOf(OwnView.Absent.class);
    eyes.look(mined(HEAD, PARENT, AGREED));
    assertThat(eyes.view(claim))
        .as("looked at while its block left the chain")
        .isInstanceOf(OwnView.Absent.class);
  }

  @Test
  void aBlockThatCameBackCountsAgain() {
    Claim.ExploitMined claim = minedIn(HEAD);
    eyes.reorged(new ChainEvent.Reorged(CHAIN, List.of(HEAD), PARENT));
    eyes.look(mined(HEAD, PARENT, AGREED));
    eyes.advanced(CHAIN, HEAD);
    assertThat(eyes.view(claim)).isInstanceOf(OwnView.Mined.class);
  }
}
