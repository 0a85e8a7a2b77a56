package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteSentBook;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Bytes;
import io.tocsin.base.Gas;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.Transaction1559;
import io.tocsin.chain.TxCall;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.risk.RiskEstimate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The responder against attackers of every kind in the public pool, block by block. */
final class RaceIT extends RaceStage {
  @Test
  void theAttackRobsTheLenderWhereNobodyBids() {
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    assertThat(world.mine()).containsExactly(attack.hash());
    world.assertLost();
  }

  @Test
  void anHonestBuilderMinesThePauseAheadOfTheAttack() throws Exception {
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Future<Outcome> outcome = world.defend(book, attack);
    SignedTransaction pause = world.bidAbove(1);
    assertThat(world.mine()).containsExactly(pause.hash(), attack.hash());
    assertThat(world.succeeded(attack.hash())).isFalse();
    world.assertSaved(outcome);
  }

  @Test
  void anAttackerWhoBidsIsOutbid() throws Exception {
    Future<Outcome> outcome = world.defend(book, world.rob(Terms.PUBLIC));
    world.bidAbove(1);
    world.rebid(30, Terms.PUBLIC);
    world.bidAbove(30);
    world.rebid(60, Terms.PUBLIC);
    world.bidAbove(60);
    world.mine();
    world.assertSaved(outcome);
    assertThat(world.bids()).extracting(SignedTransaction::nonce).containsOnly(0L);
  }

  @Test
  void anAttackerWhoPaysMoreThanThePolicyWins() throws Exception {
    Future<Outcome> outcome = world.defend(book, world.rob(Terms.PUBLIC));
    world.bidAbove(1);
    world.rebid(500, Terms.PUBLIC);
    world.assertNoMoreBids();
    world.mine();
    world.assertLost();
    world.assertPaused(outcome);
  }

  @Test
  void aBidStaysWithinItsShareOfTheValueAtRisk() throws Exception {
    RiskEstimate stake = world.worth(1_000);
    Future<Outcome> outcome = world.defend(book, world.rob(Terms.PUBLIC), stake);
    world.bidAbove(1);
    world.rebid(20, Terms.PUBLIC);
    world.bidAbove(20);
    world.rebid(90, Terms.PUBLIC);
    world.assertNoMoreBids();
    assertThat(world.bids())
        .allSatisfy(
            body ->
                assertThat(body.fees().cap().times(body.gas().amount()).times(10))
                    .isLessThanOrEqualTo(stake.coin(world.chain.id()).orElseThrow()));
    world.mine();
    world.assertLost();
    world.assertPaused(outcome);
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
  void stopsRaisingWhenSomethingElseTookTheAttackersTurnAndNeverUnpauses() throws Exception {
    world.builder().rules().overlook(world.guardian());
    Future<Outcome> outcome = world.defend(book, world.rob(Terms.PUBLIC));
    world.bidAbove(1);
    world.rebid(3, Terms.PUBLIC);
    world.bidAbove(3);
    SignedTransaction harmless = harmless();
    world.builder().submit(harmless.encoded(), Terms.PUBLIC);
    world.bidAbove(10);
    assertThat(world.mine()).containsExactly(harmless.hash());
    world.assertNoMoreBids();
    world.mine();
    world.assertNoMoreBids();
    world.builder().rules().takeEverything();
    world.mine();
    world.assertSaved(outcome);
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
    Future<Outcome> outcome = world.defend(book, attack);
    world.bidAbove(1);
    world.builder().drop(attack.hash());
    world.assertNoMoreBids();
    world.mine();
    world.mine();
    world.assertNoMoreBids();
    world.rebid(50, Terms.publicFrom(world.builder().head().number() + 2));
    world.bidAbove(50);
    world.builder().rules().takeEverything();
    world.mine();
    world.assertSaved(outcome);
  }

  @Test
  void theEffectOfAReorganisationIsOnePauseAgain() throws Exception {
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Future<Outcome> outcome = world.defend(book, attack);
    SignedTransaction pause = world.bidAbove(1);
    world.mine();
    world.assertSaved(outcome);
    world.builder().unwind(1);
    assertThat(world.lender.paused()).isFalse();
    assertThat(world.mine()).containsExactly(pause.hash(), attack.hash());
    world.assertSaved(outcome);
  }

  @Test
  void afterARestartItBidsOnUnderTheSameNonce() throws Exception {
    Path file = directory.resolve("restart.db");
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Permit permit = world.permit(attack);
    try (Database database = Database.open(file)) {
      Future<Outcome> _ =
          world.start(
              () ->
                  world
                      .responder(new SqliteSentBook(database), List.of())
                      .execute(permit, RaceWorld.UNKNOWN));
      world.bidAbove(1);
      world.stop();
    }
    world.rebid(40, Terms.PUBLIC);
    world.assertNoMoreBids();
    try (Database database = Database.open(file)) {
      var again = world.responder(new SqliteSentBook(database), List.of());
      assertThat(again.settle(permit)).isInstanceOf(Outcome.Unknown.class);
      Future<Outcome> outcome = world.start(() -> again.bidOn(permit, RaceWorld.UNKNOWN));
      world.bidAbove(40);
      world.mine();
      world.assertSaved(outcome);
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
