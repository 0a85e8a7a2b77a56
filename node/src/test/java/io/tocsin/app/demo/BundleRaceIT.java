package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.app.demo.BlockPlan.Placement;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.NodeCalls;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The responder with a relay, against block builders of every kind, block by block. */
final class BundleRaceIT extends RaceStage {
  @Test
  void whereThePublicPoolIsCensoredTheRaceIsLostWithoutARelay() throws Exception {
    world.builder().rules().overlook(world.guardian());
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    Future<Outcome> outcome = world.defend(book, world.rob(Terms.PUBLIC));
    world.bidAbove(1);
    world.mine();
    world.assertLost();
    assertThat(outcome.isDone()).isFalse();
  }

  @Test
  void whereThePublicPoolIsCensoredABundleWins() throws Exception {
    world.builder().rules().overlook(world.guardian());
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Future<Outcome> outcome = world.defend(book, attack, world.relay());
    SignedTransaction pause = world.bidAbove(1);
    world.bundled(1);
    world.bundled(2);
    assertThat(world.mine()).containsExactly(pause.hash(), attack.hash());
    world.assertSaved(outcome);
  }

  @Test
  void endpointsThatHangDelayNoBundle() throws Exception {
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    CountDownLatch hanging = new CountDownLatch(1);
    NodeCalls north =
        new NodeCalls() {
          @Override
          public Reply call(String method, Object... parameters) {
            if (method.equals("eth_sendRawTransaction")) {
              try {
                hanging.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return new Reply.Unreachable("no answer");
            }
            return world.north.call(method, parameters);
          }

          @Override
          public String name() {
            return "north, who hangs";
          }
        };
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Permit permit = world.permit(attack);
    try (ChainAccess access = new ChainAccess(world.chain.id(), List.of(north))) {
      try {
        var responder = world.responder(access, book, List.of(world.relay()), RaceWorld.PATIENCE);
        Future<Outcome> outcome = world.start(() -> responder.execute(permit, RaceWorld.UNKNOWN));
        RaceWorld.await("a bundle", () -> !world.builder().bundles().isEmpty());
        world.mine();
        assertThat(world.succeeded(attack.hash())).isFalse();
        hanging.countDown();
        world.assertSaved(outcome);
      } finally {
        hanging.countDown();
      }
    }
    assertThat(world.bids()).as("none in the public pool").isEmpty();
  }

  @Test
  void aBundleIsMadeAnewForEachBlockAndEachRung() throws Exception {
    world.builder().rules().overlook(world.guardian());
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    long later = world.builder().head().number() + 3;
    Terms terms = Terms.publicFrom(later);
    world.builder().rules().leaveEmptyBefore(later);
    Future<Outcome> outcome = world.defend(book, world.rob(terms), world.relay());
    world.bidAbove(1);
    world.bundled(1);
    world.bundled(2);
    world.mine();
    world.bundled(1);
    world.bundled(2);
    world.mine();
    world.rebid(40, terms);
    SignedTransaction rung = world.bidAbove(40);
    world.bundled(1);
    world.bundled(2);
    assertThat(world.mine().getFirst()).isEqualTo(rung.hash());
    world.assertSaved(outcome);
  }

  @Test
  void anAttackReplacedBehindTheBundleDoesNotVoidThePause() throws Exception {
    world.builder().rules().overlook(world.guardian());
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    Future<Outcome> _ = world.defend(book, world.rob(Terms.PUBLIC), world.relay());
    world.bidAbove(1);
    world.bundled(1);
    world.bundled(2);
    world.stop(); // no more bundles: those that are there must do
    world.rebid(Wei.of(1_500_000_000), Terms.PUBLIC);
    List<Hash32> block = world.mine();
    assertThat(block).hasSize(2);
    assertThat(block.getFirst()).isEqualTo(world.bids().getLast().hash());
    assertThat(world.lender.lost()).isEqualByComparingTo(BigDecimal.ZERO);
  }

  @Test
  void aBuilderWhoPutsBundlesFirstMinesThePauseAheadOfAnyBid() throws Exception {
    world.builder().rules().takeBundles(Placement.FIRST);
    Future<Outcome> outcome = world.defend(book, world.rob(Terms.PUBLIC), world.relay());
    world.bidAbove(1);
    world.rebid(500, Terms.PUBLIC);
    world.bundled(2);
    world.mine();
    world.assertSaved(outcome);
  }

  @Test
  void aBuilderWhoSortsBundlesByPriceLeavesThemBehindAHigherBid() throws Exception {
    world.builder().rules().takeBundles(Placement.BY_PRICE);
    Future<Outcome> outcome = world.defend(book, world.rob(Terms.PUBLIC), world.relay());
    world.bidAbove(1);
    world.rebid(500, Terms.PUBLIC);
    world.bundled(2);
    world.mine();
    world.assertLost();
    world.assertPaused(outcome);
  }

  @Test
  void aBuilderWhoCensorsWinsAgainstBundlesToo() throws Exception {
    world.builder().rules().censor(world.guardian());
    world.builder().rules().takeBundles(Placement.FIRST);
    SignedTransaction attack = world.rob(Terms.PUBLIC);
    Future<Outcome> outcome = world.defend(book, attack, world.relay());
    world.bidAbove(1);
    world.bundled(2);
    assertThat(world.mine()).containsExactly(attack.hash());
    world.assertLost();
    world.builder().rules().takeEverything();
    world.mine();
    world.assertPaused(outcome);
  }
}
