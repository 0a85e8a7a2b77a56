package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.BundleRelay;
import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.FeePolicy;
import io.tocsin.adapter.contract.GuardianResponder;
import io.tocsin.adapter.contract.PrivateRelay;
import io.tocsin.adapter.contract.ResponderEvents;
import io.tocsin.adapter.contract.TestFederation;
import io.tocsin.adapter.contract.TransactionLane;
import io.tocsin.adapter.rpc.JsonRpc;
import io.tocsin.app.demo.BlockBuilder.Taken;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.exposure.AssetId;
import io.tocsin.policy.Action;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.SubjectTree;
import io.tocsin.policy.Trigger;
import io.tocsin.respond.GasBudget;
import io.tocsin.respond.GrantedPermits;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.SentBook;
import io.tocsin.risk.RiskEstimate;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** A chain whose blocks are made by hand, a lender with a guardian, and an attacker. */
final class RaceWorld implements AutoCloseable {
  static final RiskEstimate UNKNOWN =
      new RiskEstimate.Unknown(RiskEstimate.Why.NOTHING_LISTED, "not valued");

  /** How long anything may take; long, because builds share machines. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  final DemoChain chain;
  final Lender lender;
  final Attacker attacker = new Attacker();
  final JsonRpc north;
  final ChainAccess access;
  final KeyPair key = DemoKeys.of("the responder of the race");
  private final List<Thread> working = new ArrayList<>();
  private final Scope scope = new Scope();
  private final TestFederation town;
  private final DemoTown.Guard guard;
  private final Mandate mandate;
  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final KeyPair identity = DemoKeys.of("the identity at the relay");

  RaceWorld(Path directory) throws InterruptedException, IOException {
    Instant genesis = Instant.parse("2026-01-01T00:00:00Z");
    ChainId id = ChainId.evm(1);
    chain =
        scope.add(
            DemoChain.start(id, new DemoChain.Ground(NodeModules.find(), directory, genesis)));
    lender = Lender.deploy("Dogwood", chain);
    attacker.prepare(chain);
    Instant now = builder().head().time();
    town = new TestFederation(now);
    Guardians guardians =
        new Guardians(
            town.file().federation(),
            town.file().rosters().getFirst().roster(),
            type -> Guardians.limits(type, now.plus(Duration.ofDays(300))));
    Ward ward = guardians.ward(lender, Guardians.WAITING, List.of());
    guard = guardians.found(ward, key.address());
    mandate =
        new Mandate(
            "pending",
            guard.mandates().getFirst(),
            BudgetClass.PENDING,
            Guardians.lever(lender),
            Objects.requireNonNull(ward.limits().get(BudgetClass.PENDING)),
            Judgement.DEFAULT);
    north = scope.add(JsonRpc.open("ipc:" + chain.fronts().getFirst().socket()));
    JsonRpc south = scope.add(JsonRpc.open("ipc:" + chain.fronts().getLast().socket()));
    access = scope.add(new ChainAccess(id, List.of(north, south)));
    builder().onTaken(taken::add);
    builder().announcePool();
  }

  BlockBuilder builder() {
    return chain.builder();
  }

  Address guardian() {
    return guard.contract();
  }

  /** Goes back to what a test found, and forgets what it did. */
  void restore(JsonNode snapshot) throws InterruptedException {
    stop();
    chain.restore(snapshot);
    attacker.rewind();
    taken.clear();
    HouseRules rules = builder().rules();
    rules.takeEverything();
    rules.takeBundles(BlockPlan.Placement.NONE);
    rules.leaveEmptyBefore(0);
    rules.lag(Duration.ZERO);
  }

  GuardianResponder responder(SentBook book, List<PrivateRelay> relays) {
    return responder(book, relays, PATIENCE);
  }

  GuardianResponder responder(SentBook book, List<PrivateRelay> relays, Duration patience) {
    return responder(access, book, relays, patience);
  }

  GuardianResponder responder(
      ChainAccess through, SentBook book, List<PrivateRelay> relays, Duration patience) {
    return new GuardianResponder(
        new TransactionLane(key, through, FeePolicy.DEFAULT, book, GasBudget.unlimited(), relays),
        new GuardianResponder.Settings(Wei.ZERO, patience, Duration.ofMillis(10)),
        GuardianResponder.Progress.NONE,
        new ResponderEvents(Metrics.NONE));
  }

  /** The builder's own relay. */
  PrivateRelay relay() {
    return scope.add(
        BundleRelay.open(chain.relay().url(), identity, new ResponderEvents(Metrics.NONE)));
  }

  /** The attack, in the public pool. */
  SignedTransaction rob(Terms terms) {
    Hash32 tx = attacker.rob(lender, terms);
    return taken.stream().filter(t -> t.tx().equals(tx)).findFirst().orElseThrow().body();
  }

  /** The attacker bids {@code tip} gwei. */
  void rebid(long tip, Terms terms) {
    rebid(Wei.gwei(tip), terms);
  }

  /** The attacker bids {@code tip}. */
  void rebid(Wei tip, Terms terms) {
    Fees fees = new Fees(tip.times(2).plus(Wei.gwei(100)), tip);
    assertThat(attacker.rebid(lender, fees, terms)).isPresent();
  }

  /** A permit on a certificate that the attack waits in the pool. */
  Permit permit(SignedTransaction attack) {
    var head = builder().head();
    Claim claim =
        new Claim.ExploitPending(
            chain.id(),
            attack.hash(),
            new Claim.Turn(attack.sender(), attack.nonce()),
            new Claim.BlockStamp(head.hash(), head.time()),
            new Claim.Subject(lender.address(), Keccak.hashUtf8("code")));
    AccountId subject = lender.account();
    return GrantedPermits.of(
        new Action(
            new AccountId(chain.id(), guard.contract()),
            mandate.id(),
            new Trigger.Certified(
                town.certify(claim), SubjectTree.of(List.of(subject)).proof(subject).orElseThrow()),
            mandate,
            new Action.Bounds(Duration.ofDays(3), 1),
            "it is the subject"),
        head.time());
  }

  /** An estimate of {@code dollars}, with ether at 3,000. */
  RiskEstimate worth(long dollars) {
    BigDecimal usd = BigDecimal.valueOf(dollars);
    return new RiskEstimate.Priced(
        usd,
        List.of(
            new RiskEstimate.Line(
                AssetId.nativeOf(chain.id()),
                "ETH",
                BigInteger.ZERO,
                BigDecimal.valueOf(3_000),
                BigDecimal.ZERO)));
  }

  /** Every bid of the responder so far. */
  List<SignedTransaction> bids() {
    return taken.stream()
        .map(Taken::body)
        .filter(body -> body.sender().equals(key.address()))
        .toList();
  }

  /** Carries out a permit for {@code attack} in the background. */
  Future<Outcome> defend(SentBook book, SignedTransaction attack, PrivateRelay... relays) {
    return defend(book, attack, UNKNOWN, relays);
  }

  Future<Outcome> defend(
      SentBook book, SignedTransaction attack, RiskEstimate stake, PrivateRelay... relays) {
    Permit permit = permit(attack);
    return start(() -> responder(book, List.of(relays)).execute(permit, stake));
  }

  /** Lets a responder work in the background. */
  Future<Outcome> start(Callable<Outcome> work) {
    FutureTask<Outcome> task = new FutureTask<>(work);
    working.add(Threads.start("race", task));
    return task;
  }

  /** Interrupts every responder, and waits until none bids any more. */
  void stop() throws InterruptedException {
    for (Thread thread : working) {
      thread.interrupt();
      thread.join();
    }
    working.clear();
  }

  void assertPaused(Future<Outcome> outcome) throws Exception {
    assertThat(outcome.get())
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            done -> assertThat(done.receipt().effect()).isEqualTo(Outcome.Effect.PAUSED));
    assertThat(lender.paused()).isTrue();
    assertThat(access.nonce(key.address())).as("one transaction").isEqualTo(1);
  }

  void assertSaved(Future<Outcome> outcome) throws Exception {
    assertPaused(outcome);
    assertThat(lender.lost()).isEqualByComparingTo(BigDecimal.ZERO);
  }

  void assertLost() {
    assertThat(lender.lost()).isEqualByComparingTo(BigDecimal.valueOf(Lender.DOLLARS));
  }

  void assertNoMoreBids() throws InterruptedException {
    int bids = bids().size();
    Thread.sleep(300);
    assertThat(bids()).hasSize(bids);
  }

  SignedTransaction bidAbove(long gwei) throws InterruptedException {
    return bid(tip -> tip.compareTo(Wei.gwei(gwei)) > 0);
  }

  /** Waits for a bid in the public pool. */
  SignedTransaction bid(Predicate<Wei> tip) throws InterruptedException {
    await("a bid", () -> bids().stream().anyMatch(body -> tip.test(body.fees().tip())));
    return bids().stream().filter(body -> tip.test(body.fees().tip())).findFirst().orElseThrow();
  }

  /** Waits for the newest bid in bundles for the next block: {@code size} transactions in one. */
  void bundled(int size) throws InterruptedException {
    await(
        "a bundle",
        () ->
            builder().bundles().stream()
                .anyMatch(
                    bundle ->
                        bundle.block() == builder().head().number() + 1
                            && bundle.transactions().size() == size
                            && bundle.transactions().getFirst().equals(bids().getLast())));
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 12_000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("waited in vain for " + what);
  }

  /** Mines a block; answers its transactions. */
  List<Hash32> mine() {
    var head = builder().mine(builder().head().time().plusSeconds(1));
    JsonNode block =
        builder().chain().ask("eth_getBlockByNumber", LockstepChain.quantity(head.number()), false);
    return block
        .path("transactions")
        .valueStream()
        .map(tx -> Hash32.hex(tx.stringValue()))
        .toList();
  }

  boolean succeeded(Hash32 tx) {
    return builder()
        .chain()
        .ask("eth_getTransactionReceipt", tx.toString())
        .path("status")
        .asString("")
        .equals("0x1");
  }

  @Override
  public void close() {
    scope.close();
  }
}
