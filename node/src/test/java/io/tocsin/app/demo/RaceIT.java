package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.PrivateRelay;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteSentBook;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.app.demo.BlockPlan.Placement;
import io.tocsin.base.Bytes;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.Transaction1559;
import io.tocsin.chain.TxCall;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.SentBook;
import io.tocsin.risk.RiskEstimate;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The responder against attackers and block builders of every kind, block by block. */
final class RaceIT {
  private static final BigDecimal ALL = BigDecimal.valueOf(Lender.DOLLARS);

  @TempDir private static Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static RaceWorld world;

  @SuppressWarnings("NullAway.Init") // set before every test
  private JsonNode before;

  private final SentBook book = SentBook.memory();

  @BeforeAll
  static void build() throws InterruptedException, IOException {
    world = new RaceWorld(directory);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void remember() {
    before = world.chain.snapshot();
  }

  @AfterEach
  void forget() {
    world.restore(before);
  }

  private Future<Outcome> defend(SignedTransaction attack, PrivateRelay... relays) {
    return defend(attack, RaceWorld.UNKNOWN, relays);
  }

  private Future<Outcome> defend(
      SignedTransaction attack, RiskEstimate stake, PrivateRelay... relays) {
    Permit permit = world.permit(attack);
    return world.background.submit(
        () -> world.responder(book, List.of(relays)).execute(permit, stake));
  }

  private static void assertPaused(Future<Outcome> outcome) throws Exception {
    assertThat(outcome.get())
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            done -> assertThat(done.receipt().effect()).isEqualTo(Outcome.Effect.PAUSED));
    assertThat(world.lender.paused()).isTrue();
    assertThat(world.access.nonce(world.key.address())).as("one transaction").isEqualTo(1);
  }

  private static void assertSaved(Future<Outcome> outcome) throws Exception {
    assertPaused(outcome);
    assertThat(world.lender.lost()).isEqualByComparingTo(BigDecimal.ZERO);
  }

  private static void assertLost() {
    assertThat(world.lender.lost()).isEqualByComparingTo(ALL);
  }

  private static SignedTransaction bidAbove(long gwei) throws InterruptedException {
    return world.bid(tip -> tip.compareTo(Wei.gwei(gwei)) > 0);
  }

  private static void assertNoMoreBids() throws InterruptedException {
    int bids = world.bids().size();
    Thread.sleep(300);
    assertThat(world.bids()).hasSize(bids);
  }

  @Test
  void theAttackRobsTheLenderWhereNobodyBids() {
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    assertThat(world.mine()).containsExactly(attack.hash());
    assertLost();
  }

  @Test
  void anHonestBuilderMinesThePauseAheadOfTheAttack() throws Exception {
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Future<Outcome> outcome = defend(attack);
    SignedTransaction pause = bidAbove(1);
    assertThat(world.mine()).containsExactly(pause.hash(), attack.hash());
    assertThat(world.succeeded(attack.hash())).isFalse();
    assertSaved(outcome);
  }

  @Test
  void anAttackerWhoBidsIsOutbid() throws Exception {
    Future<Outcome> outcome = defend(world.rob(Terms.PUBLIC));
    bidAbove(1);
    world.rebid(30, Terms.PUBLIC);
    bidAbove(30);
    world.rebid(60, Terms.PUBLIC);
    bidAbove(60);
    world.mine();
    assertSaved(outcome);
    assertThat(world.bids()).extracting(SignedTransaction::nonce).containsOnly(0L);
  }

  @Test
  void anAttackerWhoPaysMoreThanThePolicyWins() throws Exception {
    Future<Outcome> outcome = defend(world.rob(Terms.PUBLIC));
    bidAbove(1);
    world.rebid(500, Terms.PUBLIC);
    assertNoMoreBids();
    world.mine();
    assertLost();
    assertPaused(outcome);
  }

  @Test
  void aBidStaysWithinItsShareOfTheValueAtRisk() throws Exception {
    RiskEstimate stake = world.worth(1_000);
    Future<Outcome> outcome = defend(world.rob(Terms.PUBLIC), stake);
    bidAbove(1);
    world.rebid(20, Terms.PUBLIC);
    bidAbove(20);
    world.rebid(90, Terms.PUBLIC);
    assertNoMoreBids();
    assertThat(world.bids())
        .allSatisfy(
            body ->
                assertThat(body.fees().cap().times(body.gas().amount()).times(10))
                    .isLessThanOrEqualTo(stake.coin(world.chain.id()).orElseThrow()));
    world.mine();
    assertLost();
    assertPaused(outcome);
  }

  @Test
  void nothingIsSentForAValueThatDoesNotPayForAPlaceInABlock() {
    Permit permit = world.permit(world.rob(Terms.PUBLIC));
    assertThat(world.responder(book, List.of()).execute(permit, world.worth(1)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Outcome.Refusal.NOT_WORTH_IT));
    assertThat(world.bids()).isEmpty();
    assertThat(book.all(permit.digest())).isEmpty();
  }

  @Test
  void whereThePublicPoolIsCensoredTheRaceIsLostWithoutARelay() throws Exception {
    world.builder().rules().overlook(world.guardian());
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    Future<Outcome> outcome = defend(world.rob(Terms.PUBLIC));
    bidAbove(1);
    world.mine();
    assertLost();
    assertThat(outcome.isDone()).isFalse();
    outcome.cancel(true);
  }

  @Test
  void whereThePublicPoolIsCensoredABundleWins() throws Exception {
    world.builder().rules().overlook(world.guardian());
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Future<Outcome> outcome = defend(attack, world.relay());
    SignedTransaction pause = bidAbove(1);
    world.bundled(1);
    world.bundled(2);
    assertThat(world.mine()).containsExactly(pause.hash(), attack.hash());
    assertSaved(outcome);
  }

  @Test
  void aBundleIsMadeAnewForEachBlockAndEachRung() throws Exception {
    world.builder().rules().overlook(world.guardian());
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    long later = world.builder().head().number() + 3;
    Terms terms = Terms.publicFrom(later);
    world.builder().rules().leaveEmptyBefore(later);
    Future<Outcome> outcome = defend(world.rob(terms), world.relay());
    bidAbove(1);
    world.bundled(2);
    world.mine();
    world.bundled(2);
    world.mine();
    world.rebid(40, terms);
    SignedTransaction rung = bidAbove(40);
    world.bundled(2);
    assertThat(world.mine().getFirst()).isEqualTo(rung.hash());
    assertSaved(outcome);
  }

  @Test
  void anAttackReplacedBehindTheBundleDoesNotVoidThePause() throws Exception {
    world.builder().rules().overlook(world.guardian());
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    Future<Outcome> outcome = defend(world.rob(Terms.PUBLIC), world.relay());
    bidAbove(1);
    world.bundled(1);
    world.bundled(2);
    outcome.cancel(true); // no more bundles: those that are there must do
    world.rebid(Wei.of(1_500_000_000), Terms.PUBLIC);
    List<Hash32> block = world.mine();
    assertThat(block).hasSize(2);
    assertThat(block.getFirst()).isEqualTo(world.bids().getLast().hash());
    assertThat(world.lender.lost()).isEqualByComparingTo(BigDecimal.ZERO);
  }

  @Test
  void aBuilderWhoPutsBundlesFirstMinesThePauseAheadOfAnyBid() throws Exception {
    world.builder().rules().takeBundles(Placement.FIRST);
    Future<Outcome> outcome = defend(world.rob(Terms.PUBLIC), world.relay());
    bidAbove(1);
    world.rebid(500, Terms.PUBLIC);
    world.bundled(2);
    world.mine();
    assertSaved(outcome);
  }

  @Test
  void aBuilderWhoSortsBundlesByPriceLeavesThemBehindAHigherBid() throws Exception {
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    Future<Outcome> outcome = defend(world.rob(Terms.PUBLIC), world.relay());
    bidAbove(1);
    world.rebid(500, Terms.PUBLIC);
    world.bundled(2);
    world.mine();
    assertLost();
    assertPaused(outcome);
  }

  @Test
  void aBuilderWhoCensorsWinsAgainstBundlesToo() throws Exception {
    world.builder().rules().censor(world.guardian());
    world.builder().rules().takeBundles(Placement.FIRST);
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Future<Outcome> outcome = defend(attack, world.relay());
    bidAbove(1);
    world.bundled(2);
    assertThat(world.mine()).containsExactly(attack.hash());
    assertLost();
    world.builder().rules().takeEverything();
    world.mine();
    assertPaused(outcome);
  }

  @Test
  void stopsRaisingWhenSomethingElseTookTheAttackersTurnAndNeverUnpauses() throws Exception {
    world.builder().rules().overlook(world.guardian());
    Future<Outcome> outcome = defend(world.rob(Terms.PUBLIC));
    bidAbove(1);
    world.rebid(3, Terms.PUBLIC);
    bidAbove(3);
    SignedTransaction harmless = harmless();
    world.builder().submit(harmless.encoded(), Terms.PUBLIC);
    bidAbove(10);
    assertThat(world.mine()).containsExactly(harmless.hash());
    assertNoMoreBids();
    world.mine();
    assertNoMoreBids();
    world.builder().rules().takeEverything();
    world.mine();
    assertSaved(outcome);
    for (int i = 0; i < Guardians.BRIEF.toSeconds() + 5; i++) {
      world.mine();
    }
    assertThat(world.lender.paused()).as("long after its time").isTrue();
    assertThat(world.access.nonce(world.key.address())).isEqualTo(1);
  }

  /** What takes the attacker's turn and attacks nobody. */
  private static SignedTransaction harmless() {
    return new Transaction1559(
            world.chain.id(),
            1,
            new Fees(Wei.gwei(200), Wei.gwei(10)),
            new Gas(21_000),
            TxCall.of(world.key.address(), Bytes.EMPTY))
        .sign(DemoKeys.of("attacker"));
  }

  @Test
  void standsWhileTheAttackIsDroppedAndBidsOnWhenItIsBack() throws Exception {
    world.builder().rules().overlook(world.guardian());
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Future<Outcome> outcome = defend(attack);
    bidAbove(1);
    world.builder().drop(attack.hash());
    assertNoMoreBids();
    world.mine();
    world.mine();
    assertNoMoreBids();
    world.rebid(50, Terms.publicFrom(world.builder().head().number() + 2));
    bidAbove(50);
    world.builder().rules().takeEverything();
    world.mine();
    assertSaved(outcome);
  }

  @Test
  void theEffectOfAReorganisationIsOnePauseAgain() throws Exception {
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Future<Outcome> outcome = defend(attack);
    SignedTransaction pause = bidAbove(1);
    world.mine();
    assertSaved(outcome);
    world.builder().unwind(1);
    assertThat(world.lender.paused()).isFalse();
    assertThat(world.mine()).containsExactly(pause.hash(), attack.hash());
    assertSaved(outcome);
  }

  @Test
  void afterARestartItBidsOnUnderTheSameNonce() throws Exception {
    Path file = directory.resolve("restart.db");
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Permit permit = world.permit(attack);
    try (Database database = Database.open(file)) {
      Future<Outcome> stopped =
          world.background.submit(
              () ->
                  world
                      .responder(new SqliteSentBook(database), List.of())
                      .execute(permit, RaceWorld.UNKNOWN));
      bidAbove(1);
      stopped.cancel(true);
      RaceWorld.await("the stop", stopped::isDone);
    }
    world.rebid(40, Terms.PUBLIC);
    assertNoMoreBids();
    try (Database database = Database.open(file)) {
      var again = world.responder(new SqliteSentBook(database), List.of());
      assertThat(again.settle(permit)).isInstanceOf(Outcome.Unknown.class);
      Future<Outcome> outcome =
          world.background.submit(() -> again.bidOn(permit, RaceWorld.UNKNOWN));
      bidAbove(40);
      world.mine();
      assertSaved(outcome);
      assertThat(world.bids()).extracting(SignedTransaction::nonce).containsOnly(0L);
      assertThat(again.bidOn(permit, RaceWorld.UNKNOWN)).isInstanceOf(Outcome.Done.class);
      assertThat(world.access.nonce(world.key.address())).isEqualTo(1);
    }
  }

  @Test
  void afterARestartItDoesNotBidForWhatWouldFailByNow() throws Exception {
    world.builder().rules().overlook(world.guardian());
    Permit permit = world.permit(world.rob(Terms.PUBLIC));
    Outcome first =
        world.responder(book, List.of(), Duration.ofMillis(200)).execute(permit, RaceWorld.UNKNOWN);
    assertThat(first).isInstanceOf(Outcome.Unknown.class);
    int bids = world.bids().size();
    world.builder().mine(world.builder().head().time().plus(Duration.ofHours(1)));
    assertThat(world.responder(book, List.of()).bidOn(permit, RaceWorld.UNKNOWN))
        .as("the claim is too old for the guardian")
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(world.bids()).hasSize(bids);
  }
}
