package io.tocsin.adapter.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.base.Threads;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.NodeCalls;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.Transaction1559;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.KeyPair;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Trigger;
import io.tocsin.respond.GasBook;
import io.tocsin.respond.GasBudget;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.SentBook;
import io.tocsin.respond.SentBook.Sent;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The responder's bids in the pool of a real anvil. */
final class RaisingIT {
  private static final GuardianResponder.Settings SETTINGS =
      new GuardianResponder.Settings(Wei.ZERO, Duration.ofMinutes(2), Duration.ofMillis(20));

  private final SentBook book = SentBook.memory();
  private final KeyPair attacker = GuardedLender.key(4);
  private final ExecutorService background = Threads.virtual("raising");

  @SuppressWarnings("NullAway.Init") // set before every test
  private GuardedLender world;

  /** As the responder sees the chain. */
  @SuppressWarnings("NullAway.Init") // set before every test
  private ChainAccess access;

  private final AtomicInteger looks = new AtomicInteger();

  @BeforeEach
  void build() throws ChainException {
    world = new GuardedLender();
    world.rpc("evm_setAutomine", false);
    access = new ChainAccess(world.access.chain(), List.of(counted(world.rpc)));
  }

  @AfterEach
  void stop() {
    background.shutdownNow();
    access.close();
    world.close();
  }

  private NodeCalls counted(NodeCalls calls) {
    return new NodeCalls() {
      @Override
      public Reply call(String method, Object... parameters) {
        if (method.equals("eth_getTransactionReceipt")) {
          looks.incrementAndGet();
        }
        return calls.call(method, parameters);
      }

      @Override
      public String name() {
        return calls.name();
      }
    };
  }

  /**
   * Waits until the responder has looked at market and attack as they are now, and dealt with it.
   */
  private void looked() throws InterruptedException {
    int before = looks.get();
    for (int i = 0; i < 6_000 && looks.get() < before + 3; i++) {
      Thread.sleep(10);
    }
    assertThat(looks.get()).as("looks").isGreaterThanOrEqualTo(before + 3);
  }

  private GuardianResponder responder(GuardianResponder.Settings settings) {
    return new GuardianResponder(
        GuardedLender.lane(world.responder, access, book),
        settings,
        GuardianResponder.Progress.NONE,
        new ResponderEvents(Metrics.NONE));
  }

  /** A transaction of the attacker with his first nonce. */
  private Hash32 attack(long cap, long tip) {
    TxCall call = GuardedLender.call(world.lender, "borrow(uint256)", BigInteger.ONE);
    SignedTransaction signed =
        new Transaction1559(
                world.access.chain(),
                0,
                new Fees(Wei.gwei(cap), Wei.gwei(tip)),
                ChainAccess.GAS_UNKNOWN,
                call)
            .sign(attacker);
    assertThat(world.access.submit(signed).accepted()).isTrue();
    return signed.hash();
  }

  private Permit permit(Hash32 attack) throws ChainException {
    Claim.ExploitMined about = world.claim();
    Claim pending =
        new Claim.ExploitPending(
            about.chain(),
            attack,
            new Claim.Turn(attacker.address(), 0),
            about.block(),
            about.subject());
    return world.permit(
        BudgetClass.PENDING, new Trigger.Certified(world.town.certify(pending), world.proof()));
  }

  private Optional<SignedTransaction> pause() {
    Claim.ExploitPending turn =
        new Claim.ExploitPending(
            world.access.chain(),
            Hash32.ZERO,
            new Claim.Turn(world.responder.address(), 0),
            new Claim.BlockStamp(Hash32.ZERO, Instant.EPOCH),
            new Claim.Subject(world.lender, Hash32.ZERO));
    return world.access.rival(turn);
  }

  private Fees bid(Predicate<Fees> good) throws InterruptedException {
    for (int i = 0; i < 3_000; i++) {
      Optional<Fees> now = pause().map(SignedTransaction::fees).filter(good);
      if (now.isPresent()) {
        return now.get();
      }
      Thread.sleep(20);
    }
    throw new AssertionError("no such bid; the last is " + pause().map(SignedTransaction::fees));
  }

  private static void assertPaused(Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            done -> assertThat(done.receipt().effect()).isEqualTo(Outcome.Effect.PAUSED));
  }

  @Test
  void bidsAboveThePendingAttackAndAboveItsReplacements()
      throws ChainException, InterruptedException, ExecutionException {
    Permit permit = permit(attack(60, 30));
    Future<Outcome> outcome =
        background.submit(() -> responder(SETTINGS).execute(permit, GuardedLender.STAKE));
    Fees first = bid(fees -> fees.tip().compareTo(Wei.gwei(30)) > 0);
    assertThat(first.tip()).isLessThan(Wei.gwei(36));
    Hash32 _ = attack(120, 60);
    Fees second = bid(fees -> fees.tip().compareTo(Wei.gwei(60)) > 0);
    assertThat(second.tip()).isLessThan(Wei.gwei(70));
    List<Sent> rungs = book.all(permit.digest());
    assertThat(rungs).hasSize(2).extracting(Sent::nonce).containsOnly(0L);
    world.rpc("anvil_mine", 1);
    assertPaused(outcome.get());
    assertThat(world.access.nonce(world.responder.address())).isEqualTo(1);
  }

  private GuardianResponder responder(GasBudget gas) {
    return new GuardianResponder(
        new TransactionLane(world.responder, access, FeePolicy.DEFAULT, book, gas, List.of()),
        SETTINGS,
        GuardianResponder.Progress.NONE,
        new ResponderEvents(Metrics.NONE));
  }

  private GasBudget budget(Wei most) {
    return new GasBudget(most, GasBook.memory(), () -> Instant.EPOCH);
  }

  @Test
  void sendsNothingBeyondItsGasBudget() throws ChainException {
    GuardianResponder poor = responder(budget(Wei.gwei(1)));
    assertThat(poor.execute(world.permit(), GuardedLender.STAKE))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            no -> assertThat(no.reason()).isEqualTo(Outcome.Refusal.GAS_BUDGET));
    assertThat(pause()).isEmpty();
  }

  @Test
  void climbsNoHigherThanItsGasBudgetAndCountsWhatWasPaid() throws Exception {
    Wei most = new Wei(Wei.ether(1).amount().divide(BigInteger.valueOf(20)));
    GasBudget gas = budget(most);
    AccountId payer = new AccountId(world.access.chain(), world.responder.address());
    Permit permit = permit(attack(60, 30));
    Future<Outcome> outcome =
        background.submit(() -> responder(gas).execute(permit, GuardedLender.STAKE));
    Fees first = bid(_ -> true);
    Wei open = gas.left(payer);
    assertThat(open).isLessThan(most);
    Hash32 _ = attack(900, 90);
    looked();
    assertThat(bid(_ -> true)).as("no room to outbid").isEqualTo(first);
    world.rpc("anvil_mine", 1);
    assertPaused(outcome.get());
    assertThat(gas.left(payer)).as("what was paid, not what was bid").isGreaterThan(open);
    assertThat(gas.left(payer)).isLessThan(most);
  }

  @Test
  void doesNotBidBeyondItsPolicyAndNotAgainstABoast()
      throws ChainException, InterruptedException, ExecutionException {
    Permit permit = permit(attack(5, 5));
    Future<Outcome> outcome =
        background.submit(() -> responder(SETTINGS).execute(permit, GuardedLender.STAKE));
    assertThat(bid(_ -> true).tip()).isLessThan(Wei.gwei(8));
    Hash32 _ = attack(5_000, 4_000);
    looked();
    assertThat(book.all(permit.digest())).as("out of reach: no bid helps").hasSize(1);
    world.rpc("anvil_mine", 1);
    assertPaused(outcome.get());
  }

  @Test
  void climbsWithEachHeadThatCameWithoutIt()
      throws ChainException, InterruptedException, ExecutionException {
    Permit permit = world.permit();
    Future<Outcome> outcome =
        background.submit(() -> responder(SETTINGS).execute(permit, GuardedLender.STAKE));
    Fees first = bid(_ -> true);
    looked();
    world.rpc("anvil_dropAllTransactions");
    world.rpc("anvil_mine", 1);
    Fees second = bid(fees -> fees.tip().compareTo(first.tip()) > 0);
    assertThat(second.tip().times(8)).isGreaterThanOrEqualTo(first.tip().times(9));
    assertThat(second.cap().times(8)).isGreaterThanOrEqualTo(first.cap().times(9));
    assertThat(book.all(permit.digest())).hasSize(2);
    looked();
    assertThat(book.all(permit.digest())).as("one rung a head").hasSize(2);
    world.rpc("anvil_mine", 1);
    assertPaused(outcome.get());
  }

  @Test
  void stopsWhenTheAttackersTurnIsUsed() throws ChainException, InterruptedException {
    Permit permit = permit(attack(40, 1));
    Future<Outcome> outcome =
        background.submit(() -> responder(SETTINGS).execute(permit, GuardedLender.STAKE));
    Fees _ = bid(_ -> true);
    looked();
    world.rpc("anvil_dropAllTransactions");
    world.rpc("anvil_setNonce", attacker.address().toString(), "0x1");
    world.rpc("anvil_mine", 1);
    looked();
    int bids = book.all(permit.digest()).size();
    world.rpc("anvil_mine", 1);
    looked();
    assertThat(book.all(permit.digest())).as("nothing to be ahead of").hasSize(bids);
    assertThat(outcome.isDone()).isFalse();
  }

  @Test
  void settlesWhicheverRungWasMined() throws ChainException, InterruptedException {
    Permit permit = world.permit();
    GuardianResponder hasty =
        responder(
            new GuardianResponder.Settings(
                Wei.ZERO, Duration.ofMillis(100), Duration.ofMillis(20)));
    assertThat(hasty.execute(permit, GuardedLender.STAKE)).isInstanceOf(Outcome.Unknown.class);
    Sent sent = book.all(permit.digest()).getFirst();
    book.record(new Sent(sent.key(), sent.sender(), sent.nonce(), Hash32.ZERO));
    world.rpc("anvil_mine", 1);
    assertPaused(hasty.settle(permit));
  }
}
