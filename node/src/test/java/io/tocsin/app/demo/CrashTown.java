package io.tocsin.app.demo;

import io.tocsin.app.CheckCommand;
import io.tocsin.app.Node;
import io.tocsin.app.NodeConfig;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.Scope;
import io.tocsin.claim.Claim;
import io.tocsin.identity.Rosters;
import io.tocsin.pipeline.Observer;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Limits;
import io.tocsin.quorum.Equivocation;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A town of four on one chain with one lender: three members run here, the fourth, who guards the
 * lender, is left to a process of its own.
 */
final class CrashTown implements AutoCloseable {
  /** Attacks after which the attacker's swaps have emptied the pair: build another town then. */
  static final int ATTACKS = 24;

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration SLOT = Duration.ofSeconds(1);

  private final Scope scope;
  private final Ground ground;
  private final Resident victim;
  private final DemoTown.Guard guard;
  private final Path configuration;
  private final GuardianWatch calls;
  private final List<Resident> peers;
  private final List<String> contradictions;
  private final Map<Hash32, Set<Hash32>> claims;

  private record Ground(DemoChain chain, Lender lender, Attacker attacker) {}

  private CrashTown(Scope scope, Ground ground, Path folder) throws IOException {
    InstantSource clock = InstantSource.system();
    this.scope = scope;
    this.ground = ground;
    this.contradictions = new CopyOnWriteArrayList<>();
    this.claims = new ConcurrentHashMap<>();
    List<Resident> all = new ArrayList<>();
    for (Cast cast : Cast.ALL.subList(0, 4)) {
      all.add(Resident.settle(cast, folder, clock.instant()));
    }
    this.victim = all.getFirst();
    this.peers = all.subList(1, all.size());
    Path federation = folder.resolve("federation.json");
    Rosters rosters = TownBuilder.found(all, federation, clock);
    Instant expiry = rosters.latest().roster().term().until();
    Guardians founder =
        new Guardians(
            rosters.federation(),
            rosters.latest().roster(),
            _ ->
                new Limits(
                    Limits.MAX_AGE, 100, Duration.ofSeconds(1), Duration.ofMinutes(10), expiry));
    Ward ward = founder.ward(ground.lender, List.of(BudgetClass.DIRECT), List.of());
    this.guard = founder.found(ward, victim.responder());
    this.calls = GuardianWatch.over(ground.chain, Map.of(guard.contract(), victim.cast().name()));
    scope.add(Metronome.start(List.of(ground.chain.builder()), clock, SLOT));
    MemberFiles files = new MemberFiles(List.of(ground.chain), federation);
    for (Resident peer : peers) {
      NodeConfig config = CheckCommand.load(files.write(peer, Optional.empty()), Map.of());
      scope.add(Node.open(config, listener(peer.cast().name()), Clocks.of(clock)));
    }
    this.configuration = files.write(victim, Optional.of(new MemberFiles.Charge(ward, guard)));
  }

  /** Builds one under {@code folder}. */
  static CrashTown build(Path folder) throws InterruptedException, IOException {
    Scope scope = new Scope();
    boolean built = false;
    try {
      Files.createDirectories(folder);
      scope.add(LogFile.at(folder.resolve("peers.log")));
      Instant genesis =
          Instant.ofEpochSecond(
              InstantSource.system().instant().minus(Duration.ofHours(2)).getEpochSecond());
      DemoChain chain =
          scope.add(
              DemoChain.start(
                  ChainId.evm(1), new DemoChain.Ground(NodeModules.find(), folder, genesis)));
      Lender lender = Lender.deploy("Alder", chain);
      chain.deployer().fund(lender.address()); // the attack leaves it something to be paused for
      Attacker attacker = new Attacker();
      attacker.prepare(chain);
      CrashTown town = new CrashTown(scope, new Ground(chain, lender, attacker), folder);
      built = true;
      return town;
    } finally {
      if (!built) {
        scope.close();
      }
    }
  }

  private Observer listener(String peer) {
    return new Observer() {
      @Override
      public void claimed(Claim claim) {
        if (claim instanceof Claim.ExploitMined mined) {
          var _ =
              claims
                  .computeIfAbsent(mined.tx(), _ -> ConcurrentHashMap.newKeySet())
                  .add(mined.id());
        }
      }

      @Override
      public void equivocated(Equivocation evidence) {
        contradictions.add(peer + " has evidence against " + evidence.member());
      }

      @Override
      public void doubled(Address member, long sequence) {
        contradictions.add(peer + " has two messages " + sequence + " of " + member);
      }
    };
  }

  /** The configuration of the member that runs elsewhere. */
  Path configuration() {
    return configuration;
  }

  /** That member. */
  Resident victim() {
    return victim;
  }

  /** The members that run here. */
  List<Resident> peers() {
    return peers;
  }

  /** The chain. */
  DemoChain chain() {
    return ground.chain;
  }

  /** The lender that the member elsewhere guards. */
  Lender lender() {
    return ground.lender;
  }

  /** Who contradicted himself, in the eyes of those that run here. */
  List<String> contradictions() {
    return List.copyOf(contradictions);
  }

  /** What the members that run here claim about {@code attack}, by id. */
  Set<Hash32> claims(Hash32 attack) {
    return Set.copyOf(claims.getOrDefault(attack, Set.of()));
  }

  /** Calls of the guardian about the attack {@code cause}. */
  List<GuardianWatch.Call> calls(Hash32 cause) {
    return calls.calls(cause);
  }

  /** Robs the lender in the next block. */
  Hash32 attack() throws InterruptedException {
    Hash32 tx = ground.attacker.rob(ground.lender, Terms.PRIVATE);
    mined(tx);
    return tx;
  }

  /** The owner ends the pause, and the suppliers bring what was stolen. */
  void makeGood() throws InterruptedException {
    Deployer deployer = ground.chain.deployer();
    BigInteger amount = DemoChain.whole(Lender.DOLLARS);
    Address lender = ground.lender.address();
    var _ = deployer.now(guard.contract(), "lift(bytes32)", guard.mandates().getFirst());
    var _ =
        deployer.now(ground.chain.venues().dollar(), "approve(address,uint256)", lender, amount);
    mined(deployer.now(lender, "supply(uint256)", amount));
  }

  private void mined(Hash32 tx) throws InterruptedException {
    var _ =
        ground
            .chain
            .builder()
            .await(tx, PATIENCE)
            .orElseThrow(() -> new IllegalStateException(tx + " is not mined"));
  }

  @Override
  public void close() {
    scope.close();
  }
}
