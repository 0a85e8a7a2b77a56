package io.tocsin.app.demo;

import io.tocsin.app.CheckCommand;
import io.tocsin.app.Node;
import io.tocsin.app.NodeConfig;
import io.tocsin.app.demo.BlockBuilder.Mined;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.Scope;
import io.tocsin.identity.Rosters;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Five members, one chain of two anvils and one lender that its owner guards. An attack waits in
 * the pools of both anvils, is seen there, and fails when it is mined behind the pause. One owner.
 */
final class PauseTown implements AutoCloseable {
  /** A mandate trips no more often in its life than this. */
  static final int LIFE = 100;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration COOLDOWN = Duration.ofSeconds(1);

  /**
   * The chain's time starts so far back, since blocks come faster than one a second; claims may be
   * five times as old.
   */
  private static final Duration LAG = Duration.ofMinutes(6);

  /** Blocks in which a node takes note that its pause was lifted. */
  private static final int NOTICE = 2;

  /** What a node does with a block after it has said that it has dealt with it. */
  private static final Duration AFTERWARDS = Duration.ofMillis(60);

  private final Scope scope;
  private final DemoChain chain;
  private final Lender lender;
  private final Attacker attacker;
  private final DemoTown.Guard guard;
  private final GuardianWatch calls;
  private final PauseClock clock;
  private final int awake;
  private long ended;

  /** Who is there to defend the lender. */
  enum Defence {
    /** All five members; the pause needs their certificate. */
    CERTIFIED("with the certificate of five members", BudgetClass.PENDING, 5),
    /** Its owner alone, while the others are silent; the pause rests on its own sight. */
    LOCAL("self-defence without certificate", BudgetClass.LOCAL, 1);

    private final String sentence;
    private final BudgetClass budget;
    private final int awake;

    Defence(String sentence, BudgetClass budget, int awake) {
      this.sentence = sentence;
      this.budget = budget;
      this.awake = awake;
    }

    /** What it is, for people. */
    String sentence() {
      return sentence;
    }
  }

  private PauseTown(Scope scope, DemoChain chain, Defence defence, Path folder)
      throws IOException, InterruptedException {
    this.scope = scope;
    this.chain = chain;
    this.awake = defence.awake;
    lender = Lender.deploy("Alder", chain);
    attacker = new Attacker();
    attacker.prepare(chain);
    InstantSource time = InstantSource.system();
    List<Resident> residents = new ArrayList<>();
    for (Cast cast : Cast.ALL) {
      residents.add(Resident.settle(cast, folder, time.instant()));
    }
    Path federation = folder.resolve("federation.json");
    Rosters rosters = TownBuilder.found(residents, federation, time);
    Instant expiry = rosters.latest().roster().term().until();
    Duration age = defence.budget == BudgetClass.LOCAL ? Duration.ZERO : Limits.MAX_AGE;
    Guardians founder =
        new Guardians(
            rosters.federation(),
            rosters.latest().roster(),
            _ -> new Limits(age, LIFE, COOLDOWN, Guardians.BRIEF, expiry));
    Ward ward = founder.ward(lender, List.of(defence.budget), List.of());
    Resident owner = residents.getFirst();
    guard = founder.found(ward, owner.responder());
    calls = GuardianWatch.over(chain, Map.of(guard.contract(), owner.cast().name()));
    chain.builder().announcePool();
    clock = new PauseClock(owner.cast().name());
    var _ = chain.builder().mine(time.instant().minus(LAG));
    MemberFiles files = new MemberFiles(List.of(chain), federation);
    for (Resident resident : residents.subList(0, defence.awake)) {
      Optional<MemberFiles.Charge> charge =
          resident.equals(owner)
              ? Optional.of(new MemberFiles.Charge(ward, guard))
              : Optional.empty();
      NodeConfig config = CheckCommand.load(files.write(resident, charge), Map.of());
      scope.add(Node.open(config, clock.observer(resident.cast().name()), Clocks.of(time)));
    }
    settle(NOTICE);
  }

  /** Builds one under {@code folder}. */
  static PauseTown build(Defence defence, Path folder) throws IOException, InterruptedException {
    Scope scope = new Scope();
    boolean built = false;
    try {
      Files.createDirectories(folder);
      scope.add(LogFile.at(folder.resolve("tocsin.log")));
      Instant genesis =
          Instant.ofEpochSecond(
              InstantSource.system().instant().minus(Duration.ofHours(2)).getEpochSecond());
      DemoChain chain =
          scope.add(
              DemoChain.start(
                  ChainId.evm(1), new DemoChain.Ground(NodeModules.find(), folder, genesis)));
      PauseTown town = new PauseTown(scope, chain, defence, folder);
      built = true;
      return town;
    } finally {
      if (!built) {
        scope.close();
      }
    }
  }

  /**
   * Plays one round: an attack, the pause ahead of it, and the owner who lifts it.
   *
   * @return milliseconds from the first sight to each step
   */
  Map<PauseClock.Step, Double> play() throws InterruptedException {
    Thread.sleep(Math.max(0, COOLDOWN.toMillis() - (System.nanoTime() - ended) / 1_000_000));
    Hash32 attack = attacker.rob(lender, Terms.PUBLIC);
    await(attack, PauseClock.Step.ACCEPTED);
    Map<PauseClock.Step, Double> times = clock.times(attack);
    ended = System.nanoTime();
    mine();
    List<Hash32> order =
        chain.builder().await(attack, PATIENCE).map(Mined::transactions).orElseThrow();
    Stream<Hash32> ahead = order.stream().takeWhile(tx -> !tx.equals(attack));
    if (ahead.noneMatch(tx -> calls.calls(attack).stream().anyMatch(c -> mined(c, tx)))) {
      throw new IllegalStateException("the pause was not mined ahead of the attack: " + order);
    }
    if (!lender.paused() || lender.lost().signum() != 0) {
      throw new IllegalStateException("the lender is not paused, or has lost " + lender.lost());
    }
    await(attack, PauseClock.Step.ENDED);
    lift();
    return times;
  }

  private static boolean mined(GuardianWatch.Call pause, Hash32 tx) {
    return pause.body().hash().equals(tx)
        && pause.place().filter(GuardianWatch.Place::succeeded).isPresent();
  }

  private void await(Hash32 attack, PauseClock.Step step) throws InterruptedException {
    if (!clock.await(attack, step, PATIENCE)) {
      throw new IllegalStateException(
          attack + " is not " + step + ", only " + clock.times(attack) + "; " + clock.objections());
    }
  }

  private void lift() throws InterruptedException {
    Hash32 _ = chain.deployer().now(guard.contract(), "lift(bytes32)", guard.mandates().getFirst());
    settle(1 + NOTICE);
    if (lender.paused()) {
      throw new IllegalStateException("the pause was not lifted");
    }
  }

  /** Mines so many blocks, each after every node has dealt with the one before. */
  private void settle(int blocks) throws InterruptedException {
    for (int i = 0; i < blocks; i++) {
      mine();
      if (!clock.await(chain.builder().head().number(), awake, PATIENCE)) {
        throw new IllegalStateException("a node does not follow the chain");
      }
      Thread.sleep(AFTERWARDS);
    }
  }

  private void mine() {
    var _ = chain.builder().mine(chain.builder().head().time().plusSeconds(1));
  }

  @Override
  public void close() {
    scope.close();
  }
}
