package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.app.CheckCommand;
import io.tocsin.base.Address;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.Scope;
import io.tocsin.base.Wei;
import io.tocsin.chain.TxCall;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Decision;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Reason;
import io.tocsin.policy.WorstCase;
import io.tocsin.respond.Ruling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Five real nodes in mode act, four guarded lenders and a sixth lender that nobody guards, on two
 * chains of two anvils each; hours pass by putting blocks and the nodes' clock forward.
 */
final class HarmTown {
  static final Duration PATIENCE = Duration.ofSeconds(90);
  static final Duration PAUSE = Duration.ofHours(6);
  static final Duration LONG_PAUSE = Duration.ofHours(20);

  /** Elm and Alder together weigh exactly a third, Elm alone less. */
  private static final List<Cast> MEMBERS =
      List.of(
          new Cast("Alder", "Alder Labs", 2),
          new Cast("Birch", "Birch DAO", 3),
          new Cast("Cedar", "Cedar Finance", 3),
          new Cast("Dogwood", "Dogwood Watch", 2),
          new Cast("Elm", "Elm Capital", 2));

  private static final Duration SLOT = Duration.ofSeconds(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
  private static final int USES = 5;

  /** Blocks after which every node has read the code of what it guards. */
  private static final int SETTLED = 4;

  /** Dollars; what a flood of smaller robberies takes each time is below it. */
  private static final long FLOOR = 200_000;

  /** Dollars of somebody who supplies right after a robbery: without any, no pause is worth gas. */
  private static final long LATE = 100_000;

  final DemoWorld world;
  final DemoTown town;
  final Thief thief;
  private final Thief abroad;
  final Thief miser;
  final Thief borrower;
  final Lender elm;
  final Address rigged;
  final Lender clone;
  final Lender crumbs;
  private final MovedClock clock = new MovedClock();
  private final AtomicReference<Wei> pinned = new AtomicReference<>(Wei.ZERO);
  private Metronome metronome;

  /** Builds and opens it all; {@code scope} closes it. */
  HarmTown(Path folder, Scope scope) throws IOException, InterruptedException {
    world = scope.add(DemoWorld.build(NodeModules.find(), folder, clock));
    thief = new Thief("thief", world.one());
    abroad = new Thief("thief", world.two());
    miser = new Thief("miser", world.one());
    borrower = new Thief("borrower", world.one());
    elm = Lender.deployStrict("Elm", world.one());
    rigged = thief.rig();
    clone = thief.clone("Clone", rigged, 500_000);
    crumbs = thief.clone("Crumbs", world.one().venues().pair().pair(), 1);
    world.mineAll();
    TownBuilder builder = new TownBuilder(world, folder, Clocks.one(clock), MEMBERS);
    builder.appoint(wards(builder.expiry()));
    world.one().builder().onBlock(_ -> pin());
    metronome = tick();
    scope.add(() -> metronome.close());
    town = builder.open(scope);
    for (DemoChain chain : world.chains()) {
      BlockBuilder blocks = chain.builder();
      assertThat(blocks.awaitBlock(blocks.head().number() + SETTLED, PATIENCE)).isTrue();
    }
  }

  private List<Ward> wards(Instant end) {
    Limits brief = new Limits(Limits.MAX_AGE, USES, SECOND, Guardians.BRIEF, end);
    Limits own = new Limits(Duration.ZERO, USES, SECOND, Guardians.BRIEF, end);
    Limits real = new Limits(Limits.MAX_AGE, 2, HALF_MINUTE, PAUSE, end);
    Limits rare = new Limits(Limits.MAX_AGE, USES, Duration.ofDays(1), LONG_PAUSE, end);
    return List.of(
        new Ward(
            birch(),
            List.of(world.alder(), clone, crumbs),
            FLOOR,
            Map.of(BudgetClass.DIRECT, real, BudgetClass.DERIVED, real)),
        new Ward(
            cedar(),
            List.of(world.alder()),
            FLOOR,
            Map.of(BudgetClass.DIRECT, real, BudgetClass.DERIVED, rare)),
        new Ward(
            dogwood(),
            List.of(),
            FLOOR,
            Map.of(BudgetClass.DIRECT, real, BudgetClass.PENDING, brief, BudgetClass.LOCAL, own)),
        new Ward(elm, List.of(), FLOOR, Map.of(BudgetClass.PENDING, brief)));
  }

  Lender birch() {
    return world.sisters().getFirst();
  }

  Lender cedar() {
    return world.sisters().getLast();
  }

  Lender dogwood() {
    return world.fresh();
  }

  private Metronome tick() {
    return Metronome.start(world.chains().stream().map(DemoChain::builder).toList(), clock, SLOT);
  }

  /** Makes it {@code time} now, everywhere, with a block of each chain at that very time. */
  void jump(Instant time) {
    metronome.close();
    forward(time);
  }

  private void forward(Instant time) {
    clock.set(time);
    world
        .chains()
        .forEach(
            chain -> {
              var _ = chain.builder().mine(time);
            });
    metronome = tick();
  }

  /**
   * Lets the pause of {@code lender} go on to its end, if that is still to come, and anybody
   * release it.
   */
  void release(Lender lender) {
    DemoTown.Guard guard = guard(lender);
    metronome.close();
    Instant end = clock.instant();
    for (Hash32 mandate : guard.mandates()) {
      Instant until = Harm.until(lender, guard, mandate);
      if (until.isAfter(end)) {
        end = until;
      }
      if (until.isAfter(Instant.EPOCH)) {
        var _ = lender.chain().deployer().now(guard.contract(), "release(bytes32)", mandate);
      }
    }
    forward(end);
    assertThat(lender.paused()).as("%s after its time", lender.name()).isFalse();
  }

  Instant now() {
    return clock.instant();
  }

  DemoTown.Guard guard(Lender lender) {
    return Optional.ofNullable(town.guardians().get(lender)).orElseThrow();
  }

  MemberNode owner(Lender lender) {
    return node(lender.name());
  }

  MemberNode node(String name) {
    return town.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  Harm harm(Lender lender) {
    return Harm.of(lender, guard(lender), owner(lender).resident().responder());
  }

  WorstCase.Target worst(Lender lender) {
    return Harm.worst(owner(lender), now());
  }

  /** The most that the responder of {@code lender} may spend on gas in a day. */
  Wei gasPerDay(Lender lender) {
    return CheckCommand.load(owner(lender).resident().home().resolve("tocsin.yaml"), Map.of())
        .defence()
        .responder()
        .orElseThrow()
        .bids()
        .gasPerDay();
  }

  /** Robs Alder, whose dollars are the thief's own from the second time on. */
  Hash32 decoy() throws InterruptedException {
    if (world.alder().dollars().signum() == 0) {
      thief.fill(world.alder(), Lender.DOLLARS);
    }
    return thief.rob(world.alder(), Wallet.ordinaryFees(), BlockBuilder.Terms.PRIVATE);
  }

  /** Robs {@code lender}, to which somebody brings money in the same block. */
  Hash32 rob(Lender lender) {
    Thief robber = lender.chain().equals(world.one()) ? thief : abroad;
    metronome.close();
    Hash32 tx = robber.rob(lender, Wallet.ordinaryFees(), BlockBuilder.Terms.PRIVATE);
    robber.fill(lender, LATE);
    metronome = tick();
    return tx;
  }

  /** Keeps the base fee of chain one at {@code fee}, or lets it go if that is zero. */
  void pinBaseFee(Wei fee) {
    pinned.set(fee);
    pin();
  }

  private void pin() {
    if (!pinned.get().equals(Wei.ZERO)) {
      var _ =
          world
              .one()
              .builder()
              .chain()
              .tell(
                  "anvil_setNextBlockBaseFeePerGas", LockstepChain.quantity(pinned.get().amount()));
    }
  }

  void until(String what, Predicate<Chronicle> condition) throws InterruptedException {
    assertThat(town.chronicle().await(condition, PATIENCE)).as(what).isTrue();
  }

  /** Waits until {@code holders} members hold a certificate about {@code tx}. */
  void certified(Hash32 tx, int holders) throws InterruptedException {
    until("certified: " + tx, c -> c.holders(tx) >= holders);
  }

  void paused(Lender lender) throws InterruptedException {
    until(lender.name() + " is paused", _ -> lender.paused());
  }

  /**
   * The rule that stopped the policy of {@code lender}'s node on {@code tx}, once its endpoints
   * agree on that.
   */
  Reason stopped(Hash32 tx, Lender lender) throws InterruptedException {
    until(lender.name() + " decides on " + tx, c -> reasons(c, tx, lender).findFirst().isPresent());
    return reasons(town.chronicle(), tx, lender).findFirst().orElseThrow();
  }

  private static Stream<Reason> reasons(Chronicle chronicle, Hash32 tx, Lender lender) {
    return chronicle.decisions(tx).stream()
        .filter(d -> d.node().equals(lender.name()))
        .flatMap(
            d ->
                d.decision() instanceof Decision.Alert alert
                        && alert.reason() != Reason.ENDPOINTS_DISAGREE
                    ? Stream.of(alert.reason())
                    : Stream.empty());
  }

  /**
   * Why the interlock of {@code lender}'s node held an action on {@code tx}; empty if it did not.
   */
  Optional<Ruling.Why> held(Hash32 tx, Lender lender, BudgetClass type)
      throws InterruptedException {
    Predicate<Chronicle.Ruled> wanted =
        r -> r.node().equals(lender.name()) && r.asked().mandate().budgetClass() == type;
    until(
        lender.name() + " rules on " + tx + " for " + type,
        c -> c.rulings(tx).stream().anyMatch(wanted));
    Ruling ruling =
        town.chronicle().rulings(tx).stream().filter(wanted).findFirst().orElseThrow().ruling();
    return switch (ruling) {
      case Ruling.Granted _ -> Optional.empty();
      case Ruling.Held held -> Optional.of(held.reason());
    };
  }

  /** What the guardian says when the call of it about {@code cause} is made once more. */
  String again(Lender lender, Hash32 cause) {
    TxCall call =
        town.calls(cause).stream()
            .filter(c -> c.owner().equals(lender.name()))
            .filter(c -> c.place().filter(GuardianWatch.Place::succeeded).isPresent())
            .findFirst()
            .orElseThrow()
            .body()
            .call();
    return Refusals.of(
        lender.chain(),
        owner(lender).resident().responder(),
        guard(lender).contract(),
        call.input());
  }
}
