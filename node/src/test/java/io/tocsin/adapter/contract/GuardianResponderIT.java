package io.tocsin.adapter.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.Faulty.Mood;
import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.base.Wei;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Keccak;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Trigger;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Outcome.Effect;
import io.tocsin.respond.Outcome.Refusal;
import io.tocsin.respond.Permit;
import io.tocsin.respond.SentBook;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class GuardianResponderIT {
  private static final GuardianResponder.Settings SETTINGS =
      new GuardianResponder.Settings(Wei.ether(1), Duration.ofMinutes(2), Duration.ofMillis(20));

  private final SentBook book = SentBook.memory();
  private final List<Hash32> accepted = new CopyOnWriteArrayList<>();
  private final List<String> simulated = new CopyOnWriteArrayList<>();
  private final List<Integer> sentBefore = new CopyOnWriteArrayList<>();
  private GuardedLender world = unset();
  private Faulty first = unset();
  private Faulty second = unset();
  private Faulty third = unset();
  private ChainAccess access = unset();
  private GuardianResponder responder = unset();

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before each test
  private static <T> T unset() {
    return null;
  }

  @BeforeEach
  void build() throws ChainException {
    world = new GuardedLender();
    first = new Faulty("first", world.rpc);
    second = new Faulty("second", world.rpc);
    third = new Faulty("third", world.rpc);
    access = new ChainAccess(world.access.chain(), List.of(first, second, third));
    responder = responder(SETTINGS);
  }

  @AfterEach
  void stop() {
    access.close();
    world.close();
  }

  private GuardianResponder responder(GuardianResponder.Settings settings) {
    return new GuardianResponder(
        GuardedLender.lane(world.responder, access, book),
        settings,
        new GuardianResponder.Progress() {
          @Override
          public void simulated(Permit permit, JsonNode evidence) {
            simulated.add(evidence.path("simulation").asString());
            sentBefore.add(accepted.size());
          }

          @Override
          public void accepted(Permit permit, Hash32 tx) {
            accepted.add(tx);
          }
        },
        new ResponderEvents(Metrics.NONE));
  }

  private static void assertDone(Outcome outcome, Effect effect) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Done.class, done -> assertThat(done.receipt().effect()).isEqualTo(effect));
  }

  private static void assertRefused(Outcome outcome, Refusal reason, String detail) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(reason);
              assertThat(refused.detail()).contains(detail);
            });
  }

  private long nonce() throws ChainException {
    return access.nonce(world.responder.address());
  }

  @Test
  void pausesOnACertificate() throws ChainException {
    Outcome outcome = responder.execute(world.permit(), GuardedLender.STAKE);
    assertDone(outcome, Effect.PAUSED);
    assertThat(((Outcome.Done) outcome).receipt().evidence()).contains("\"simulation\":\"passes\"");
    assertThat(accepted).containsExactly(((Outcome.Done) outcome).receipt().transaction());
    assertThat(world.paused()).isTrue();
  }

  @Test
  void pausesOnItsOwnSighting() throws ChainException {
    Permit permit =
        world.permit(BudgetClass.LOCAL, new Trigger.Local(world.claim(), world.proof()));
    assertDone(responder.execute(permit, GuardedLender.STAKE), Effect.PAUSED);
    assertThat(world.paused()).isTrue();
  }

  @Test
  void alreadyPausedIsAsGood() throws ChainException {
    assertDone(responder.execute(world.permit(), GuardedLender.STAKE), Effect.PAUSED);
    world.pass(Duration.ofSeconds(11));
    assertDone(responder.execute(world.permit(), GuardedLender.STAKE), Effect.ALREADY_PAUSED);
    assertThat(nonce()).isEqualTo(1);
  }

  @Test
  void neverDoesOnePermitTwice() throws ChainException {
    Permit permit = world.permit();
    assertDone(responder.execute(permit, GuardedLender.STAKE), Effect.PAUSED);
    assertDone(responder.execute(permit, GuardedLender.STAKE), Effect.PAUSED);
    assertDone(responder.settle(permit), Effect.PAUSED);
    assertThat(nonce()).isEqualTo(1);
    assertThat(accepted).hasSize(1);
  }

  @Test
  void saysWhyTheGuardianRefuses() throws ChainException {
    Claim stale = world.claim(world.now().minus(Duration.ofHours(1)));
    Permit permit =
        world.permit(
            BudgetClass.DIRECT, new Trigger.Certified(world.town.certify(stale), world.proof()));
    assertRefused(
        responder.execute(permit, GuardedLender.STAKE), Refusal.SIMULATION_FAILED, "STALE_CLAIM");
    assertThat(nonce()).isZero();
    assertThat(simulated).containsExactly("reverts");
  }

  @Test
  void tellsWhatTheSimulationSaidWhateverBecomesOfThePermit() throws ChainException {
    world.rpc("evm_setAutomine", false);
    Permit permit = world.permit();
    GuardianResponder hasty =
        responder(
            new GuardianResponder.Settings(
                Wei.ZERO, Duration.ofMillis(100), Duration.ofMillis(20)));
    assertThat(hasty.execute(permit, GuardedLender.STAKE)).isInstanceOf(Outcome.Unknown.class);
    assertThat(simulated).containsExactly("passes");
    assertThat(sentBefore).containsExactly(0);
    assertThat(accepted).hasSize(1);
  }

  @Test
  void saysBeforehandThatItCouldNotAct() {
    assertThat(responder.unready()).isEmpty();
    world.rpc("anvil_setBalance", world.responder.address().toString(), "0x1");
    assertThat(responder.unready())
        .hasValueSatisfying(
            why -> assertThat(why).contains(world.responder.address().toString(), "1 ether"));
    assertThat(responder.unready()).isEqualTo(responder.unready());
    List.of(first, second, third).forEach(e -> e.become(Mood.DOWN));
    assertThat(responder.unready())
        .hasValueSatisfying(why -> assertThat(why).contains("no endpoint says"));
  }

  @Test
  void rehearsesThePauseWithoutSendingAnything() throws ChainException {
    Permit permit = world.permit();
    Lever lever = permit.action().mandate().lever();
    AccountId guardian = permit.action().guardian();
    assertThat(responder.rehearse(guardian, lever)).isEmpty();
    assertThat(nonce()).isZero();
    AccountId stranger = new AccountId(guardian.chain(), world.responder.address());
    assertThat(responder.rehearse(stranger, lever))
        .as("whoever has no right to pause")
        .hasValueSatisfying(why -> assertThat(why).contains("may not make it"));
    assertDone(responder.execute(permit, GuardedLender.STAKE), Effect.PAUSED);
    assertThat(responder.rehearse(guardian, lever))
        .hasValueSatisfying(why -> assertThat(why).contains("it stands already"));
    List.of(first, second, third).forEach(e -> e.become(Mood.DOWN));
    assertThat(responder.rehearse(guardian, lever))
        .hasValueSatisfying(why -> assertThat(why).contains("no endpoint says"));
  }

  @Test
  void oneEndpointThatLiesOrIsDownStopsNothing() throws ChainException {
    first.become(Mood.SAYS_REVERTED);
    second.become(Mood.DOWN);
    Permit permit = world.permit();
    assertDone(responder.execute(permit, GuardedLender.STAKE), Effect.PAUSED);
    assertThat(first.sent).isNotEmpty().isEqualTo(third.sent);
  }

  @Test
  void withoutEndpointsNothingIsSent() throws ChainException {
    Permit permit = world.permit();
    List.of(first, second, third).forEach(e -> e.become(Mood.DOWN));
    assertRefused(
        responder.execute(permit, GuardedLender.STAKE), Refusal.NOT_ACCEPTED, "connection refused");
    assertThat(responder.settle(permit)).isInstanceOf(Outcome.Unknown.class);
    List.of(first, second, third).forEach(e -> e.become(Mood.SOUND));
    assertRefused(responder.settle(permit), Refusal.DROPPED, "never sent");
    assertDone(responder.execute(permit, GuardedLender.STAKE), Effect.PAUSED);
  }

  @Test
  void aTransactionThatEveryoneRefusesGivesItsNonceBack() throws ChainException {
    Permit permit = world.permit();
    List.of(first, second, third).forEach(e -> e.become(Mood.REFUSES));
    assertRefused(responder.execute(permit, GuardedLender.STAKE), Refusal.NOT_ACCEPTED, "no");
    List.of(first, second, third).forEach(e -> e.become(Mood.SOUND));
    assertDone(responder.execute(permit, GuardedLender.STAKE), Effect.PAUSED);
    assertThat(nonce()).isEqualTo(1);
  }

  @Test
  void aLostAnswerIsSettledFromTheChain() throws ChainException {
    List.of(first, second, third).forEach(e -> e.become(Mood.TAKES_SILENTLY));
    Permit permit = world.permit();
    assertDone(responder.execute(permit, GuardedLender.STAKE), Effect.PAUSED);
    assertThat(accepted).isEmpty();
    assertThat(nonce()).isEqualTo(1);
  }

  @Test
  void anUnminedTransactionIsUnknownAndNeverRepeated() throws ChainException {
    world.rpc("evm_setAutomine", false);
    Permit permit = world.permit();
    GuardianResponder hasty =
        responder(
            new GuardianResponder.Settings(
                Wei.ZERO, Duration.ofMillis(100), Duration.ofMillis(20)));
    assertThat(hasty.execute(permit, GuardedLender.STAKE)).isInstanceOf(Outcome.Unknown.class);
    assertThat(hasty.execute(permit, GuardedLender.STAKE)).isInstanceOf(Outcome.Unknown.class);
    assertThat(hasty.settle(permit)).isInstanceOf(Outcome.Unknown.class);
    assertThat(accepted).hasSize(1);
    world.rpc("anvil_mine", 1);
    assertDone(hasty.settle(permit), Effect.PAUSED);
  }

  @Test
  void aDroppedTransactionMayBeTriedAgainUnderItsNonce() throws ChainException {
    world.rpc("evm_setAutomine", false);
    Permit permit = world.permit();
    GuardianResponder hasty =
        responder(
            new GuardianResponder.Settings(
                Wei.ZERO, Duration.ofMillis(100), Duration.ofMillis(20)));
    assertThat(hasty.execute(permit, GuardedLender.STAKE)).isInstanceOf(Outcome.Unknown.class);
    world.rpc("anvil_dropAllTransactions");
    assertRefused(hasty.settle(permit), Refusal.DROPPED, "no endpoint holds");
    world.rpc("evm_setAutomine", true);
    assertDone(responder.execute(permit, GuardedLender.STAKE), Effect.PAUSED);
    assertThat(nonce()).isEqualTo(1);
  }

  @Test
  void permitsUnderWayTakeOneNonceAfterTheOther() throws ChainException {
    world.rpc("evm_setAutomine", false);
    GuardianResponder hasty =
        responder(
            new GuardianResponder.Settings(
                Wei.ZERO, Duration.ofMillis(100), Duration.ofMillis(20)));
    Permit direct = world.permit();
    Permit local = world.permit(BudgetClass.LOCAL, new Trigger.Local(world.claim(), world.proof()));
    hasty.execute(local, GuardedLender.STAKE);
    hasty.execute(direct, GuardedLender.STAKE);
    assertThat(accepted).doesNotHaveDuplicates().hasSize(2);
    world.rpc("anvil_mine", 1);
    assertThat(nonce()).isEqualTo(2);
    assertDone(hasty.settle(local), Effect.PAUSED);
    Outcome takeover = hasty.settle(direct);
    assertDone(takeover, Effect.PAUSED);
    assertThat(((Outcome.Done) takeover).receipt().evidence())
        .contains("\"taken_over_from\":\"" + world.id(BudgetClass.LOCAL) + "\"");
    assertThat(world.guardian.standing(world.id(BudgetClass.DIRECT)).usesLeft()).isEqualTo(2);
  }

  @Test
  void anotherCallersTripSettlesAPermit() throws ChainException {
    Permit permit = world.permit();
    new GuardianResponder(
            GuardedLender.lane(world.responder, access, SentBook.memory()),
            SETTINGS,
            GuardianResponder.Progress.NONE,
            new ResponderEvents(Metrics.NONE))
        .execute(permit, GuardedLender.STAKE);
    assertDone(responder.settle(permit), Effect.PAUSED);
  }

  @Test
  void simulatesTheWaitingAttackBehindThePause() throws ChainException {
    world.rpc("evm_setAutomine", false);
    TxCall attack = GuardedLender.call(world.lender, "borrow(uint256)", BigInteger.ONE);
    var attacker = GuardedLender.key(4);
    var lane = world.lane(attacker);
    var sending =
        lane.send(
            Keccak.hashUtf8("attack"),
            attack,
            new ChainAccess.Quote(
                0, ChainAccess.GAS_UNKNOWN, world.access.market(), Wei.ether(10)));
    Hash32 tx = ((TransactionLane.Sending.Taken) sending).bid().sent().tx();
    Claim.ExploitMined about = world.claim();
    Claim pending =
        new Claim.ExploitPending(
            about.chain(),
            tx,
            new Claim.Turn(attacker.address(), 0),
            about.block(),
            about.subject());
    Permit permit =
        world.permit(
            BudgetClass.PENDING, new Trigger.Certified(world.town.certify(pending), world.proof()));
    world.rpc("evm_setIntervalMining", 1);
    Outcome outcome = responder.execute(permit, GuardedLender.STAKE);
    assertDone(outcome, Effect.PAUSED);
    assertThat(((Outcome.Done) outcome).receipt().evidence())
        .contains("\"pause_status\":\"0x1\"")
        .contains("\"attack_after_pause\":\"0x0\"");
  }

  @Test
  void saysThatItCannotPay() throws ChainException {
    world.rpc("anvil_setBalance", world.responder.address().toString(), "0x1");
    assertRefused(
        responder.execute(world.permit(), GuardedLender.STAKE), Refusal.NO_MEANS, "1 wei");
  }

  @Test
  void alarmsWhenItsBalanceIsLow() throws ChainException {
    List<String> counted = new CopyOnWriteArrayList<>();
    Metrics metrics =
        new Metrics() {
          @Override
          public void count(String name, String label) {
            counted.add(label);
          }

          @Override
          public void gauge(String name, String label, double value) {}

          @Override
          public void stage(String stage, Duration took) {}
        };
    GuardianResponder poor =
        new GuardianResponder(
            GuardedLender.lane(world.responder, access, book),
            SETTINGS,
            GuardianResponder.Progress.NONE,
            new ResponderEvents(metrics));
    assertDone(poor.execute(world.permit(), GuardedLender.STAKE), Effect.PAUSED);
    assertThat(counted).doesNotContain("responder_balance_low");
    world.rpc("anvil_setBalance", world.responder.address().toString(), "0x6f05b59d3b20000");
    world.pass(Duration.ofSeconds(11));
    world.mined(world.guardian.lift(world.id(BudgetClass.DIRECT)));
    assertDone(poor.execute(world.permit(), GuardedLender.STAKE), Effect.PAUSED);
    assertThat(counted).contains("responder_balance_low");
  }
}
