package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.GUARDIAN;
import static io.tocsin.policy.PolicySamples.MAIN;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Metrics;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Lever;
import io.tocsin.policy.PolicySamples;
import io.tocsin.policy.Protection;
import io.tocsin.respond.GrantedPermits;
import io.tocsin.respond.OrderBook;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.PauseView;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Responder;
import io.tocsin.risk.RiskEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UnsettledTest {
  private static final Outcome DONE =
      new Outcome.Done(
          new Outcome.Receipt(Outcome.Effect.PAUSED, hash("pause"), 12, NOW, "simulated"));
  private static final Outcome UNKNOWN = new Outcome.Unknown("it still waits");

  private final Permit permit =
      GrantedPermits.of(
          PolicySamples.action(
              PolicySamples.protection(), PolicySamples.certified(PolicySamples.mined(BIRCH))),
          NOW);
  private final List<String> calls = new ArrayList<>();
  private final List<Outcome> concluded = new ArrayList<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private Outcome settled = UNKNOWN;
  private Outcome bid = UNKNOWN;

  private final Responder responder =
      new Responder() {
        @Override
        public Outcome execute(Permit asked, RiskEstimate stake) {
          throw new AssertionError("it was tried before");
        }

        @Override
        public Outcome settle(Permit asked) {
          calls.add("settle");
          return settled;
        }

        @Override
        public Outcome bidOn(Permit asked, RiskEstimate stake) {
          assertThat(stake).isEqualTo(PolicySamples.estimate());
          calls.add("bid on");
          return bid;
        }

        @Override
        public Optional<String> unready() {
          return Optional.empty();
        }

        @Override
        public Optional<String> rehearse(AccountId guardian, Lever lever) {
          return Optional.empty();
        }
      };

  private Unsettled open = unsettled(PolicySamples.protection());

  @BeforeEach
  void add() {
    open.add(permit);
  }

  private Unsettled unsettled(Protection protection) {
    return new Unsettled(
        new Defence.Means(
            List.of(protection),
            Map.of(GUARDIAN, responder),
            new MemoryInterlockBook(),
            (_, _) -> new PauseView.Standing.Unavailable("nobody asked"),
            OrderBook.NONE),
        _ -> PolicySamples.estimate(),
        (asked, outcome) -> {
          concluded.add(outcome);
          open.remove(asked);
        },
        waiting::add,
        new PipelineLog("birch", Metrics.NONE));
  }

  private void work() {
    List<Runnable> now = List.copyOf(waiting);
    waiting.clear();
    now.forEach(Runnable::run);
  }

  @Test
  void concludesWhatTheChainShowsAndBidsNoMore() {
    settled = DONE;
    open.look(MAIN);
    work();
    open.look(MAIN);
    assertThat(calls).containsExactly("settle");
    assertThat(concluded).containsExactly(DONE);
    assertThat(open.digests()).isEmpty();
  }

  @Test
  void bidsForWhatStillWaitsUntilItIsKnown() {
    open.look(MAIN);
    work();
    assertThat(concluded).isEmpty();
    bid = DONE;
    open.look(MAIN);
    work();
    open.look(MAIN);
    assertThat(calls).containsExactly("settle", "bid on", "settle", "bid on");
    assertThat(concluded).containsExactly(DONE);
  }

  @Test
  void doesNotLookWhileItBids() {
    open.look(MAIN);
    open.look(MAIN);
    assertThat(calls).containsExactly("settle");
    assertThat(waiting).hasSize(1);
  }

  @Test
  void onlyReadsWhereTheOwnerWentBackToShadowMode() {
    Judgement shadow =
        new Judgement(
            Judgement.Mode.SHADOW,
            Optional.empty(),
            Judgement.UnknownRisk.ALERT,
            Judgement.Approval.NONE);
    open =
        unsettled(
            PolicySamples.protection(
                PolicySamples.terms(), PolicySamples.mandate(BudgetClass.DIRECT, shadow)));
    open.add(permit);
    open.look(MAIN);
    work();
    assertThat(calls).containsExactly("settle");
  }

  @Test
  void onlyReadsForAMandateThatIsNotThereAnyMore() {
    open =
        unsettled(
            PolicySamples.protection(
                PolicySamples.terms(), PolicySamples.mandate(BudgetClass.LOCAL)));
    open.add(permit);
    open.look(MAIN);
    work();
    assertThat(calls).containsExactly("settle");
  }

  @Test
  void waitsForABlockOfItsOwnChain() {
    open.look(ChainId.evm(10));
    assertThat(calls).isEmpty();
  }
}
