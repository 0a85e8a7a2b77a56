package io.tocsin.adapter.rpc;

import io.tocsin.base.Threads;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.HeadRing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Reads the chain block by block from its leading endpoint: the first that is connected, not silent
 * and not failing. What was missed is read in order. One thread owns the ring of heads.
 */
final class Follower implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(150);

  /** The pause after a failure grows with failures in a row, up to this many times. */
  private static final int LONGEST_PAUSE = 20;

  /** Blocks that the leader may be behind. */
  private static final int BEHIND = 3;

  private final RpcChainConfig config;
  private final RpcChain.Surroundings around;
  private final Conduct conduct;
  private final EventQueue events;
  private final BlockDesk blocks;
  private final PendingDesk pending;
  private final HeadRing ring = new HeadRing();
  private final Semaphore wake = new Semaphore(0);
  private final List<EndpointWatch> watches = new ArrayList<>();
  private final Thread thread;
  private volatile Optional<BlockRef> head = Optional.empty();
  private volatile boolean closed;

  Follower(
      RpcChainConfig config,
      RpcChain.Surroundings around,
      Panel panel,
      EventQueue events,
      BlockDesk blocks,
      PendingDesk pending) {
    this.config = config;
    this.around = around;
    this.conduct = panel.common().conduct();
    this.events = events;
    this.blocks = blocks;
    this.pending = pending;
    Listener listener = new Listener();
    for (Endpoint endpoint : panel.endpoints()) {
      watches.add(new EndpointWatch(endpoint, config.following(), around.clock(), listener));
    }
    this.thread = Threads.start("follow " + config.chain(), this::run);
  }

  /** What watches report. */
  private final class Listener implements EndpointWatch.Listener {
    @Override
    public void head() {
      wake.release();
    }

    @Override
    public void pending(Endpoint from, JsonNode note) {
      pending.submit(from, note);
    }

    @Override
    public void connected(Endpoint endpoint) {
      readPool(endpoint);
    }

    @Override
    public void trouble(Endpoint endpoint, TroubleKind kind, String detail) {
      report(endpoint, kind, detail);
    }

    @Override
    public void sound(Endpoint endpoint, long announced) throws Fault {
      Optional<BlockRef> last = head;
      if (last.isEmpty()) {
        endpoint.latest();
        return;
      }
      long number = last.get().number();
      Optional<Block> theirs = endpoint.block(number);
      if (theirs.isEmpty() || !theirs.get().ref().equals(last.get())) {
        throw new Fault(endpoint.name() + ": has not the block " + last.get().hash(), true);
      }
      Optional<Block> before = number == 0 ? Optional.empty() : endpoint.block(number - 1);
      if (before.isPresent() && !theirs.get().parent().equals(before.get().ref().hash())) {
        throw torn(endpoint, before.get().ref());
      }
      Optional<Block> next = endpoint.block(number + 1);
      if (next.isPresent() && !next.get().parent().equals(last.get().hash())) {
        throw torn(endpoint, last.get());
      }
      if (next.isEmpty() && announced > number) {
        throw hidden(endpoint, announced, number + 1);
      }
    }

    @Override
    public double jitter() {
      synchronized (around.random()) {
        return around.random().nextDouble();
      }
    }
  }

  private void report(Endpoint endpoint, TroubleKind kind, String detail) {
    events.alarm(new ChainEvent.Trouble(config.chain(), endpoint.name(), kind, detail));
  }

  private void readPool(Endpoint endpoint) {
    if (!config.following().pending() || !endpoint.can(Capability.POOL)) {
      return;
    }
    try {
      endpoint.pool().forEach(body -> pending.submit(endpoint, body));
    } catch (Fault e) {
      report(endpoint, TroubleKind.MALFORMED, e.reason());
    }
  }

  private void run() {
    try {
      while (!closed) {
        Duration rest =
            watches.stream().noneMatch(EndpointWatch::up) ? PAUSE : config.following().slot();
        if (wake.tryAcquire(rest.toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
        Optional<EndpointWatch> leader = leader();
        if (leader.isPresent()) {
          step(leader.get());
        }
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  /** Where none is as it should be, those that are connected take turns. */
  private Optional<EndpointWatch> leader() {
    return watches.stream()
        .filter(EndpointWatch::leads)
        .findFirst()
        .or(
            () ->
                watches.stream()
                    .filter(EndpointWatch::up)
                    .min(Comparator.comparingInt(EndpointWatch::failures)));
  }

  private void step(EndpointWatch leader) throws InterruptedException {
    Endpoint endpoint = leader.endpoint();
    long announced = leader.announced();
    try {
      boolean moved = sync(endpoint);
      long last = head.map(BlockRef::number).orElse(-1L);
      if (announced > last) {
        throw hidden(endpoint, announced, last + 1);
      }
      long elsewhere = agreedHead();
      if (elsewhere - last > BEHIND) {
        throw stale(endpoint, last, elsewhere);
      }
      leader.succeeded(moved);
    } catch (Fault e) {
      if (e.reachable()) {
        leader.failed(e.reason());
      } else {
        leader.suspect();
      }
      Thread.sleep(PAUSE.multipliedBy(Math.clamp(leader.failures(), 1, LONGEST_PAUSE)));
      wake.release();
    }
  }

  /** The highest number that as many endpoints as must agree have announced, or more. */
  private long agreedHead() {
    List<EndpointWatch> highest =
        watches.stream()
            .sorted(Comparator.comparingLong(EndpointWatch::highest).reversed())
            .toList();
    Set<String> operators = new HashSet<>();
    for (int i = 0; i < highest.size(); i++) {
      operators.add(highest.get(i).endpoint().operator());
      if (i + 1 >= Ballot.needed(watches.size()) && operators.size() >= 2) {
        return highest.get(i).highest();
      }
    }
    return -1;
  }

  private Fault stale(Endpoint endpoint, long last, long elsewhere) {
    String what = "it is the last one shown, and agreeing endpoints announce block " + elsewhere;
    conduct.wrong(endpoint, TroubleKind.STALE, "block " + last, what);
    return new Fault(endpoint.name() + ": block " + last + ": " + what, true);
  }

  private static Fault hidden(Endpoint endpoint, long announced, long number) {
    return new Fault(
        endpoint.name() + ": announces block " + announced + " and does not show block " + number,
        true);
  }

  /** Whether the head moved. */
  private boolean sync(Endpoint endpoint) throws Fault, InterruptedException {
    if (ring.head().isEmpty() && !begin(endpoint)) {
      return false;
    }
    boolean moved = false;
    while (!closed) {
      BlockRef last = ring.head().orElseThrow();
      Optional<Block> next = endpoint.block(last.number() + 1);
      if (next.isPresent() && ring.extendedBy(next.get().ref().number(), next.get().parent())) {
        moved |= process(endpoint, next.get());
        continue;
      }
      if (replaced(endpoint, last)) {
        blocks.reorganise(endpoint, last);
        reorganise(endpoint, last);
      } else if (next.isEmpty()) {
        break;
      } else {
        throw torn(endpoint, last);
      }
    }
    if (moved && !endpoint.can(Capability.PENDING_BODIES)) {
      readPool(endpoint);
    }
    return moved;
  }

  private static Fault torn(Endpoint endpoint, BlockRef last) {
    return new Fault(
        endpoint.name()
            + ": has block "
            + last.hash()
            + " at "
            + last.number()
            + " and behind it a block with another parent",
        true);
  }

  /**
   * Whether the endpoint has another block where we have {@code last}, or below on its own head.
   */
  private boolean replaced(Endpoint endpoint, BlockRef last) throws Fault {
    Optional<Block> theirs = endpoint.block(last.number());
    if (theirs.isEmpty()) {
      theirs = endpoint.latest();
    }
    Optional<BlockRef> ours = theirs.flatMap(b -> ring.at(b.ref().number()));
    return ours.isPresent() && !ours.get().hash().equals(theirs.orElseThrow().ref().hash());
  }

  /** Fills the ring from what was processed before, or from the block to begin at. */
  private boolean begin(Endpoint endpoint) throws Fault, InterruptedException {
    List<BlockRef> recent = around.cursor().recent(config.chain());
    for (BlockRef block : recent) {
      if (ring.head().isPresent() && ring.head().get().number() + 1 != block.number()) {
        ring.cutAbove(-1);
      }
      ring.push(block);
    }
    if (!recent.isEmpty()) {
      on(ring.head().orElseThrow());
      return true;
    }
    OptionalLong from = config.following().from();
    Optional<Block> base =
        from.isPresent() && from.getAsLong() > 0
            ? endpoint.block(from.getAsLong() - 1)
            : from.isPresent() ? Optional.empty() : endpoint.latest();
    if (base.isEmpty()) {
      Optional<Block> first =
          from.isPresent() ? endpoint.block(from.getAsLong()) : Optional.empty();
      return first.isPresent() && process(endpoint, first.get());
    }
    blocks.begin(endpoint, base.get());
    ring.push(base.get().ref());
    on(base.get().ref());
    if (from.isEmpty()) {
      events.put(new ChainEvent.HeadAdvanced(config.chain(), base.get().ref()));
    }
    return true;
  }

  private void on(BlockRef block) {
    head = Optional.of(block);
    pending.on(block);
  }

  /** False if the block left the canonical chain meanwhile. */
  private boolean process(Endpoint endpoint, Block block) throws Fault, InterruptedException {
    Instant seen = around.clock().instant();
    pending.on(block.ref());
    if (!blocks.process(endpoint, block, seen)) {
      ring.head().ifPresent(pending::on);
      return false;
    }
    ring.push(block.ref());
    on(block.ref());
    blocks.head(block.ref());
    watches.forEach(watch -> watch.mined(block.transactions().size()));
    events.put(new ChainEvent.HeadAdvanced(config.chain(), block.ref()));
    return true;
  }

  private void reorganise(Endpoint endpoint, BlockRef last) throws Fault, InterruptedException {
    long shared = last.number() - 1;
    while (true) {
      Optional<BlockRef> ours = ring.at(shared);
      if (ours.isEmpty()) {
        break;
      }
      Optional<Block> theirs = endpoint.block(shared);
      if (theirs.isPresent() && theirs.get().ref().hash().equals(ours.get().hash())) {
        break;
      }
      shared--;
    }
    boolean deep = ring.at(shared).isEmpty();
    boolean full = ring.full();
    Optional<Block> base = deep ? endpoint.block(Math.max(shared, 0)) : Optional.empty();
    if (deep && base.isEmpty()) {
      throw new Fault(endpoint.name() + ": block " + shared + " is missing", true);
    }
    List<BlockRef> removed = ring.cutAbove(deep ? -1 : shared);
    base.map(Block::ref).ifPresent(ring::push);
    if (deep && full) {
      report(
          endpoint,
          TroubleKind.DEEP_REORG,
          "the chain changed beyond the blocks remembered; resuming behind block "
              + base.orElseThrow().ref().number());
    }
    BlockRef now = ring.head().orElseThrow();
    on(now);
    blocks.cut(now.number());
    events.put(new ChainEvent.Reorged(config.chain(), removed, now));
  }

  @Override
  public void close() {
    closed = true;
    watches.forEach(EndpointWatch::close);
    thread.interrupt();
  }
}
