package io.tocsin.app.demo;

import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.ChainId;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/**
 * Two chains, three sister lenders and an attacker: Alder and Birch on chain one, Cedar on chain
 * two; on chain one also Dogwood for the last act, and the real contracts of Pike Finance.
 */
final class DemoWorld implements AutoCloseable {
  /** How far back the genesis blocks lie, so that the world's blocks are never in the future. */
  private static final Duration PAST = Duration.ofHours(2);

  private final Scope scope;
  private final List<DemoChain> chains;
  private final List<Lender> lenders;
  private final Lender fresh;
  private final Attacker attacker;
  private final PikeIncident pike;

  private DemoWorld(
      Scope scope, List<DemoChain> chains, List<Lender> lenders, Lender fresh, Attacker attacker) {
    this.scope = scope;
    this.chains = List.copyOf(chains);
    this.lenders = List.copyOf(lenders);
    this.fresh = fresh;
    this.attacker = attacker;
    this.pike = PikeIncident.load();
  }

  /**
   * Builds the world, with the anvils' sockets in {@code directory}.
   *
   * @throws IOException if a socket cannot be made there
   */
  static DemoWorld build(NodeModules modules, Path directory, InstantSource clock)
      throws InterruptedException, IOException {
    Instant genesis = Instant.ofEpochSecond(clock.instant().minus(PAST).getEpochSecond());
    var ground = new DemoChain.Ground(modules, directory, genesis);
    Scope scope = new Scope();
    boolean built = false;
    try (ExecutorService pool = Threads.virtual("world")) {
      Attacker attacker = new Attacker();
      Future<DemoChain> second = pool.submit(() -> DemoChain.start(ChainId.evm(10), ground));
      DemoChain one = scope.add(DemoChain.start(ChainId.evm(1), ground));
      DemoChain two = scope.add(second.get());
      List<Lender> lenders =
          List.of(
              Lender.deploy("Alder", one),
              Lender.deploy("Birch", one),
              Lender.deploy("Cedar", two));
      Lender fresh = Lender.deploy("Dogwood", one);
      attacker.prepare(one);
      attacker.prepare(two);
      DemoWorld world = new DemoWorld(scope, List.of(one, two), lenders, fresh, attacker);
      world.pike.install(one.builder().chain());
      built = true;
      return world;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a chain did not start", e.getCause());
    } finally {
      if (!built) {
        scope.close();
      }
    }
  }

  /** Chain one. */
  DemoChain one() {
    return chains.getFirst();
  }

  /** Chain two. */
  DemoChain two() {
    return chains.getLast();
  }

  /** Both chains. */
  List<DemoChain> chains() {
    return chains;
  }

  /** Alder, Birch and Cedar. */
  List<Lender> lenders() {
    return lenders;
  }

  /** The first to be robbed. */
  Lender alder() {
    return lenders.getFirst();
  }

  /** Those that can still be saved when Alder is robbed. */
  List<Lender> sisters() {
    return lenders.subList(1, lenders.size());
  }

  /** Dogwood, a sister on chain one that only the last act is about. */
  Lender fresh() {
    return fresh;
  }

  /** Who robs them. */
  Attacker attacker() {
    return attacker;
  }

  /** The real incident, installed on chain one. */
  PikeIncident pike() {
    return pike;
  }

  /** What each lender lost so far. */
  Map<Lender, BigDecimal> losses() {
    Map<Lender, BigDecimal> losses = new LinkedHashMap<>();
    lenders.forEach(lender -> losses.put(lender, lender.lost()));
    return losses;
  }

  /**
   * The attack when nobody defends: Alder first, the others {@code delay} blocks after Alder's
   * receipt. Mines by itself and sets the chains back afterwards; nobody may watch them yet.
   */
  Map<Lender, BigDecimal> controlRun(int delay) {
    Map<DemoChain, JsonNode> before = new LinkedHashMap<>();
    chains.forEach(chain -> before.put(chain, chain.snapshot()));
    var _ = attacker.rob(alder(), Terms.PRIVATE);
    mineAll();
    for (Lender sister : sisters()) {
      long number = sister.chain().builder().head().number();
      var _ = attacker.rob(sister, Terms.publicFrom(number + delay));
    }
    for (int i = 0; i < delay; i++) {
      mineAll();
    }
    Map<Lender, BigDecimal> losses = losses();
    before.forEach(DemoChain::restore);
    attacker.rewind();
    return losses;
  }

  /** What the attack takes of Dogwood when nobody defends; as {@link #controlRun}. */
  BigDecimal controlOfFresh() {
    JsonNode before = fresh.chain().snapshot();
    var _ = attacker.rob(fresh, Terms.PRIVATE);
    mineAll();
    BigDecimal lost = fresh.lost();
    fresh.chain().restore(before);
    attacker.rewind();
    return lost;
  }

  /** Mines one block on each chain, a second after the one before. */
  void mineAll() {
    chains.forEach(
        chain -> {
          var _ = chain.builder().mine(chain.builder().head().time().plusSeconds(1));
        });
  }

  @Override
  public void close() {
    scope.close();
  }
}
