package io.tocsin.app.demo;

import io.tocsin.adapter.keys.KeyFile;
import io.tocsin.app.CheckCommand;
import io.tocsin.app.Node;
import io.tocsin.app.NodeConfig;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.Scope;
import io.tocsin.identity.Rosters;
import io.tocsin.pipeline.Stage;
import io.tocsin.policy.BudgetClass;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two chains with traffic, a guarded lender, and six members. The one who guards the lender watches
 * both chains, pending transactions too, and is left to a process of its own; the other five run
 * here and watch the blocks of the first, so that the machine is left to the one that is measured.
 * One owner.
 */
final class SoakTown {
  private static final Duration SLOT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Blocks from an attack to the first that may hold it. */
  private static final int DELAY = 8;

  private final DemoWorld world;
  private final SoakTraffic traffic;
  private final GuardianWatch calls;
  private final Chronicle chronicle = new Chronicle();
  private final int peers;
  private final Path configuration;

  /** Builds one under {@code folder}; {@code scope} closes it. */
  SoakTown(Path folder, Scope scope) throws IOException, InterruptedException {
    InstantSource clock = InstantSource.system();
    scope.add(LogFile.at(folder.resolve("peers.log")));
    world = scope.add(DemoWorld.build(NodeModules.find(), folder, clock));
    traffic = new SoakTraffic(world.chains());
    List<Resident> peerage = new ArrayList<>();
    for (Cast cast : Cast.ALL.subList(1, Cast.ALL.size())) {
      peerage.add(Resident.settle(cast, folder, clock.instant()));
    }
    peerage.add(Resident.settle(new Cast("Fir", "Fir Fund", 1), folder, clock.instant()));
    peers = peerage.size();
    Resident owner =
        Resident.settle(Cast.ALL.getFirst(), folder, clock.instant(), KeyFile.Cost.STANDARD);
    List<Resident> all = new ArrayList<>(peerage);
    all.add(owner);
    Path federation = folder.resolve("federation.json");
    Rosters rosters = TownBuilder.found(all, federation, clock);
    Instant expiry = rosters.latest().roster().term().until();
    Guardians founder =
        new Guardians(
            rosters.federation(),
            rosters.latest().roster(),
            type -> Guardians.limits(type, expiry));
    Ward ward = founder.ward(world.alder(), List.of(BudgetClass.PENDING), List.of());
    DemoTown.Guard guard = founder.found(ward, owner.responder());
    calls = GuardianWatch.over(world.one(), Map.of(guard.contract(), owner.cast().name()));
    world.chains().forEach(chain -> chain.builder().announcePool());
    scope.add(
        Metronome.start(world.chains().stream().map(DemoChain::builder).toList(), clock, SLOT));
    MemberFiles theirs = MemberFiles.ofBlocks(List.of(world.one()), federation);
    for (Resident peer : peerage) {
      NodeConfig config = CheckCommand.load(theirs.write(peer, Optional.empty()), Map.of());
      scope.add(Node.open(config, chronicle.observer(peer.cast().name()), Clocks.of(clock)));
    }
    MemberFiles files = new MemberFiles(world.chains(), federation);
    configuration = files.write(owner, Optional.of(new MemberFiles.Charge(ward, guard)));
    if (!chronicle.await(c -> c.watching() == peers, PATIENCE)) {
      throw new IllegalStateException("not every peer sees its chain");
    }
  }

  /** The configuration of the member that runs elsewhere. */
  Path configuration() {
    return configuration;
  }

  /** The chains. */
  List<DemoChain> chains() {
    return world.chains();
  }

  /** Its people. */
  SoakTraffic traffic() {
    return traffic;
  }

  /**
   * How a real attack ended.
   *
   * @param certified milliseconds from its submission to the certificate at the first peer
   * @param accepted the same to the pause in the pools
   * @param everywhere whether each peer had the certificate in the end
   * @param saved whether the lender was paused and had lost nothing
   */
  record Alarm(double certified, double accepted, boolean everywhere, boolean saved) {}

  /** Attacks the guarded lender through the public pool, amid the traffic. */
  Alarm alarm() throws InterruptedException {
    BlockBuilder builder = world.one().builder();
    Terms terms = Terms.publicFrom(builder.head().number() + DELAY);
    long start = System.nanoTime();
    Hash32 attack = world.attacker().rob(world.alder(), terms);
    boolean everywhere = chronicle.await(c -> c.holders(attack) == peers, PATIENCE);
    boolean paused = builder.await(attack, PATIENCE).isPresent() && world.alder().paused();
    double certified =
        chronicle.about(attack).stream()
            .filter(moment -> moment.stage() == Stage.CERTIFIED)
            .mapToDouble(moment -> (moment.nanos() - start) / 1e6)
            .min()
            .orElse(Double.NaN);
    double accepted =
        calls.calls(attack).stream()
            .mapToDouble(call -> (call.accepted() - start) / 1e6)
            .min()
            .orElse(Double.NaN);
    boolean saved = paused && world.alder().lost().signum() == 0;
    return new Alarm(certified, accepted, everywhere, saved);
  }
}
