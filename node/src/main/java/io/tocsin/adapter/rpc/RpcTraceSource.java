package io.tocsin.adapter.rpc;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Threads;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.HeadRing;
import io.tocsin.chain.TraceSource;
import io.tocsin.chain.TxTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Follows a chain through its leading endpoint, the first that is connected and not silent, by
 * block number: what was missed while disconnected is read in order. One thread owns the ring of
 * heads.
 */
final class RpcTraceSource implements TraceSource {
  /**
   * Events waiting for the reader, some hundred blocks' worth of what detectors look at. Mined
   * transactions wait for room, pending ones are dropped with an alarm.
   */
  private static final int WAITING = 4_096;

  private static final int ATTEMPTS = 4;
  private static final Duration PAUSE = Duration.ofMillis(150);

  private final RpcChainConfig config;
  private final RpcChain.Surroundings around;
  private final Panel panel;
  private final Witnesses witnesses;
  private final Lookup lookup;
  private final EventQueue events = new EventQueue(WAITING);
  private final HeadRing ring = new HeadRing();
  private final Semaphore wake = new Semaphore(0);
  private final PendingDesk desk;
  private final List<EndpointWatch> watches = new ArrayList<>();
  private final Thread thread;
  private final Set<String> told = new HashSet<>();
  private volatile Optional<BlockRef> head = Optional.empty();
  private volatile boolean closed;

  RpcTraceSource(RpcChainConfig config, RpcChain.Surroundings around, Panel panel) {
    this.config = config;
    this.around = around;
    this.panel = panel;
    this.witnesses = new Witnesses(panel);
    this.lookup = new Lookup(panel, witnesses, around.clock());
    this.desk = new PendingDesk(panel, witnesses, around.clock(), new Outlet());
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
      desk.submit(from, note);
    }

    @Override
    public void connected(Endpoint endpoint) {
      readPool(endpoint);
    }

    @Override
    public void trouble(Endpoint endpoint, TroubleKind kind, String detail) {
      report(endpoint.name(), kind, detail);
    }

    @Override
    public double jitter() {
      synchronized (around.random()) {
        return around.random().nextDouble();
      }
    }
  }

  /** What the pending desk needs. */
  private final class Outlet implements PendingDesk.Outlet {
    @Override
    public Optional<BlockRef> head() {
      return head;
    }

    @Override
    public boolean offer(ChainEvent event) {
      return events.offer(event);
    }

    @Override
    public void trouble(String endpoint, TroubleKind kind, String detail) {
      report(endpoint, kind, detail);
    }
  }

  private void report(String endpoint, TroubleKind kind, String detail) {
    events.alarm(new ChainEvent.Trouble(config.chain(), endpoint, kind, detail));
  }

  private void readPool(Endpoint endpoint) {
    if (!config.following().pending() || !endpoint.can(Capability.POOL)) {
      return;
    }
    try {
      endpoint.pool().forEach(body -> desk.submit(endpoint, body));
    } catch (Fault e) {
      report(endpoint.name(), TroubleKind.MALFORMED, e.reason());
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

  private void step(EndpointWatch leader) throws InterruptedException {
    try {
      sync(leader.endpoint());
    } catch (Fault e) {
      if (!e.reachable()) {
        leader.suspect();
      } else if (told.add(e.reason())) {
        report(leader.endpoint().name(), TroubleKind.MALFORMED, e.reason());
      }
      Thread.sleep(PAUSE);
      wake.release();
    }
  }

  private Optional<EndpointWatch> leader() {
    return watches.stream()
        .filter(EndpointWatch::leads)
        .findFirst()
        .or(() -> watches.stream().filter(EndpointWatch::up).findFirst());
  }

  private void sync(Endpoint endpoint) throws Fault, InterruptedException {
    if (ring.head().isEmpty() && !begin(endpoint)) {
      return;
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
        reorganise(endpoint, last);
      } else if (next.isEmpty()) {
        break;
      }
    }
    if (moved && !endpoint.can(Capability.PENDING_BODIES)) {
      readPool(endpoint);
    }
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
      head = ring.head();
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
    ring.push(base.get().ref());
    head = ring.head();
    if (from.isEmpty()) {
      events.put(new ChainEvent.HeadAdvanced(config.chain(), base.get().ref()));
    }
    return true;
  }

  /** False if the block left the canonical chain meanwhile. */
  private boolean process(Endpoint endpoint, Block block) throws Fault, InterruptedException {
    Instant seen = around.clock().instant();
    head = Optional.of(block.ref());
    if (!block.transactions().isEmpty()) {
      Optional<Map<Hash32, Ballot.Result<TxTrace>>> results = traced(endpoint, block);
      if (results.isEmpty()) {
        head = ring.head();
        return false;
      }
      for (Ballot.Result<TxTrace> result : results.get().values()) {
        if (result.evidence().isPresent()) {
          events.put(new ChainEvent.Traced(result.evidence().get(), result.agreement(), seen));
        }
      }
    }
    ring.push(block.ref());
    events.put(new ChainEvent.HeadAdvanced(config.chain(), block.ref()));
    return true;
  }

  private Optional<Map<Hash32, Ballot.Result<TxTrace>>> traced(Endpoint endpoint, Block block)
      throws Fault, InterruptedException {
    for (int attempt = 1; true; attempt++) {
      Map<Hash32, Ballot.Result<TxTrace>> results = witnesses.mined(block, block.transactions());
      long missing = results.values().stream().filter(Witnesses::absent).count();
      if (missing == 0 || attempt >= ATTEMPTS) {
        announce(endpoint, block, results, missing);
        return Optional.of(results);
      }
      Optional<Block> same = endpoint.block(block.ref().number());
      if (same.isPresent() && !same.get().ref().hash().equals(block.ref().hash())) {
        return Optional.empty();
      }
      if (panel.endpoints().stream().noneMatch(RpcTraceSource::traces)) {
        announce(endpoint, block, results, missing);
        return Optional.of(results);
      }
      Thread.sleep(PAUSE.multipliedBy(attempt));
    }
  }

  private static boolean traces(Endpoint endpoint) {
    return endpoint.can(Capability.TRACE_TRANSACTION) || endpoint.can(Capability.TRACE_BLOCK);
  }

  private void announce(
      Endpoint endpoint, Block block, Map<Hash32, Ballot.Result<TxTrace>> results, long missing) {
    if (missing > 0) {
      report(
          endpoint.name(),
          TroubleKind.UNTRACED,
          missing
              + " of "
              + results.size()
              + " transactions of block "
              + block.ref().number()
              + ": "
              + reason(results.values().stream().filter(Witnesses::absent).findFirst()));
    }
    Optional<Ballot.Result<TxTrace>> disputed =
        results.values().stream().filter(Ballot.Result::disputed).findFirst();
    if (disputed.isPresent()) {
      report(
          endpoint.name(),
          TroubleKind.DISAGREEMENT,
          "block " + block.ref().number() + ": " + reason(disputed));
    }
  }

  private static String reason(Optional<Ballot.Result<TxTrace>> result) {
    return result
        .map(
            r ->
                switch (r.agreement()) {
                  case Agreement.Lacking(String why) -> why;
                  case Agreement.Agreed(int count, Set<String> operators) ->
                      count + " endpoints of " + operators + " outvote another";
                })
        .orElse("");
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
          endpoint.name(),
          TroubleKind.DEEP_REORG,
          "the chain changed beyond the blocks remembered; resuming behind block "
              + base.orElseThrow().ref().number());
    }
    BlockRef now = ring.head().orElseThrow();
    head = Optional.of(now);
    events.put(new ChainEvent.Reorged(config.chain(), removed, now));
  }

  @Override
  public ChainId chain() {
    return config.chain();
  }

  @Override
  public ChainEvent take() throws InterruptedException {
    return events.take();
  }

  @Override
  public void processed(BlockRef block) {
    around.cursor().advance(config.chain(), block);
  }

  @Override
  public Answer trace(Hash32 tx) {
    return lookup.trace(tx);
  }

  @Override
  public void close() {
    closed = true;
    watches.forEach(EndpointWatch::close);
    desk.close();
    thread.interrupt();
  }
}
