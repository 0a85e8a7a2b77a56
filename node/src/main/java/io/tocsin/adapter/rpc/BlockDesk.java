package io.tocsin.adapter.rpc;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Threads;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.TxTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Has the transactions of blocks traced and passes them on. What nobody can trace at the time, or
 * what too few endpoints have said, is tried again in the background while the chain goes on, and
 * comes once more when it can be had or agreed upon.
 */
final class BlockDesk implements AutoCloseable {
  private static final int ATTEMPTS = 4;
  private static final Duration PAUSE = Duration.ofMillis(150);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final ChainId chain;
  private final Panel panel;
  private final Witnesses witnesses;
  private final EventQueue events;
  private final Arrears arrears = new Arrears();
  private final Semaphore added = new Semaphore(0);
  private final Thread thread;
  private boolean lossTold;

  BlockDesk(ChainId chain, Panel panel, Witnesses witnesses, EventQueue events) {
    this.chain = chain;
    this.panel = panel;
    this.witnesses = witnesses;
    this.events = events;
    this.thread = Threads.start("arrears " + chain, this::catchUp);
  }

  /** The block behind which the chain is followed; fails if it is another one for the others. */
  void begin(Endpoint endpoint, Block block) throws Fault {
    witnesses.meet(endpoint, block);
  }

  /** Fails if agreeing endpoints still have {@code last}, which {@code endpoint} has not. */
  void reorganise(Endpoint endpoint, BlockRef last) throws Fault {
    witnesses.contest(endpoint, last);
  }

  /** False if the block left the canonical chain of {@code endpoint} meanwhile. */
  boolean process(Endpoint endpoint, Block block, Instant seen) throws Fault, InterruptedException {
    for (int attempt = 1; true; attempt++) {
      Hearing.Whole whole = witnesses.whole(block);
      Optional<Proven.Flaw> objection = whole.objection(block);
      if (objection.isPresent()) {
        panel
            .common()
            .conduct()
            .wrong(
                endpoint,
                objection.get().kind(),
                "block " + block.ref().number(),
                objection.get().what());
        throw new Fault(endpoint.name() + ": " + objection.get().what(), true);
      }
      if (whole.traces().values().stream().noneMatch(Witnesses::absent)
          || attempt >= ATTEMPTS
          || panel.endpoints().stream().noneMatch(BlockDesk::traces)) {
        pass(endpoint, block, seen, whole);
        return true;
      }
      Optional<Block> same = endpoint.block(block.ref().number());
      if (same.isPresent() && !same.get().ref().hash().equals(block.ref().hash())) {
        return false;
      }
      Thread.sleep(PAUSE.multipliedBy(attempt));
    }
  }

  private static boolean traces(Endpoint endpoint) {
    return endpoint.can(Capability.TRACE_TRANSACTION) || endpoint.can(Capability.TRACE_BLOCK);
  }

  private void pass(Endpoint endpoint, Block block, Instant seen, Hearing.Whole whole)
      throws InterruptedException {
    announce(endpoint.name(), block.ref(), whole);
    Set<Hash32> settled = new HashSet<>();
    for (Map.Entry<Hash32, Ballot.Result<TxTrace>> each : whole.traces().entrySet()) {
      Ballot.Result<TxTrace> result = each.getValue();
      if (result.evidence().isPresent()) {
        events.put(new ChainEvent.Traced(result.evidence().get(), result.agreement(), seen));
      }
      if (settled(result)) {
        settled.add(each.getKey());
      }
    }
    if (witnesses.open(whole.listed()) || settled.size() < whole.traces().size()) {
      arrears.add(new Arrears.Owed(block, seen, settled));
      added.release();
    }
  }

  private boolean settled(Ballot.Result<TxTrace> result) {
    return result.evidence().isPresent() && !witnesses.open(result);
  }

  private void catchUp() {
    Duration pause = PAUSE;
    try {
      while (true) {
        if (arrears.next().isEmpty()) {
          added.acquire();
        }
        if (added.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          Thread.sleep(PAUSE);
        }
        added.drainPermits();
        Optional<Arrears.Owed> next = arrears.next();
        boolean paid = next.isEmpty() || pay(next.get());
        Duration longer = pause.multipliedBy(2);
        pause = paid ? PAUSE : longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  /** Passes on what can be had of {@code owed} now; whether that was all. */
  private boolean pay(Arrears.Owed owed) throws InterruptedException {
    BlockRef block = owed.block().ref();
    Hearing.Whole whole = witnesses.whole(owed.block());
    Set<Hash32> settled = new HashSet<>();
    for (Map.Entry<Hash32, Ballot.Result<TxTrace>> each : whole.traces().entrySet()) {
      Ballot.Result<TxTrace> result = each.getValue();
      if (settled(result)) {
        settled.add(each.getKey());
        if (!owed.settled().contains(each.getKey()) && arrears.owes(block)) {
          events.put(
              new ChainEvent.Traced(
                  result.evidence().orElseThrow(), result.agreement(), owed.seen()));
        }
      }
    }
    Arrears.Owed rest = owed.with(settled);
    if (witnesses.open(whole.listed()) || !rest.settled().containsAll(whole.traces().keySet())) {
      arrears.later(rest);
      return false;
    }
    announce(panel.endpoints().getFirst().name(), block, whole);
    arrears.paid(block);
    return true;
  }

  private void announce(String endpoint, BlockRef block, Hearing.Whole whole) {
    String where = "block " + block.number() + ": ";
    long missing = whole.traces().values().stream().filter(Witnesses::absent).count();
    if (missing > 0) {
      report(
          endpoint,
          TroubleKind.UNTRACED,
          missing
              + " of "
              + whole.traces().size()
              + " transactions of "
              + where
              + reason(whole.traces().values().stream().filter(Witnesses::absent).findFirst()));
    }
    if (unsettled(whole.held())) {
      report(
          endpoint,
          TroubleKind.DISAGREEMENT,
          where + "which block it is: " + reason(Optional.of(whole.held())));
    }
    if (unsettled(whole.listed())) {
      report(
          endpoint,
          TroubleKind.DISAGREEMENT,
          where + "which transactions it has: " + reason(Optional.of(whole.listed())));
    }
    Optional<Ballot.Result<TxTrace>> disputed =
        whole.traces().values().stream().filter(BlockDesk::unsettled).findFirst();
    if (disputed.isPresent()) {
      report(endpoint, TroubleKind.DISAGREEMENT, where + reason(disputed));
    }
  }

  /** Whether they differ and none is outvoted. */
  private static boolean unsettled(Ballot.Result<?> result) {
    return result.disputed() && !result.agreement().agreed();
  }

  private void report(String endpoint, TroubleKind kind, String detail) {
    events.alarm(new ChainEvent.Trouble(chain, endpoint, kind, detail));
  }

  private static String reason(Optional<? extends Ballot.Result<?>> result) {
    return result
        .map(
            r ->
                switch (r.agreement()) {
                  case Agreement.Lacking(String why) -> why;
                  case Agreement.Agreed _ -> Hearing.supporters(r.agreement()) + " agree";
                })
        .orElse("");
  }

  /** Another head is passed on next. Called by the follower's thread only. */
  void head(BlockRef head) {
    for (BlockRef lost : arrears.head(head)) {
      if (!lossTold) {
        lossTold = true;
        report(
            panel.endpoints().getFirst().name(),
            TroubleKind.UNTRACED,
            "block "
                + lost.number()
                + ": given up, "
                + Arrears.MOST
                + " blocks later; so are others until this ends");
      }
    }
    if (arrears.next().isEmpty()) {
      lossTold = false;
    }
  }

  /** The chain has no block above {@code number} any more. */
  void cut(long number) {
    arrears.cut(number);
  }

  /** {@code block} was dealt with; what may be remembered for good goes to {@code durable}. */
  void acknowledge(BlockRef block, Consumer<BlockRef> durable) {
    arrears.acknowledge(block, durable);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
