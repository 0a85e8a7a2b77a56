package io.tocsin.adapter.rpc;

import io.tocsin.base.BoundedQueue;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Threads;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.StateDiff;
import io.tocsin.chain.TransactionJson;
import io.tocsin.chain.TxTrace;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;

/**
 * Simulates pending transactions: each body once, with the sender recovered from its signature, on
 * the last head, and again on the next ones while the endpoints do not agree on it. Transfers that
 * cannot run code (no input, 21,000 gas) are passed over. An endpoint that announces what it has no
 * good body of takes away its own turn only.
 */
final class PendingDesk implements AutoCloseable {
  /** Notices waiting. A busy public pool brings some 20 a second; beyond this they are dropped. */
  private static final int WAITING = 4_096;

  /** Simulations under way; each holds one call at every endpoint. */
  private static final int AT_ONCE = 8;

  /** Hashes remembered, so that a body is simulated once though every endpoint announces it. */
  private static final int REMEMBERED = 1 << 16;

  /** Simulations without agreement that wait for the next head; the rest is left at that. */
  private static final int LACKING = 64;

  /** How often one is simulated at most. */
  private static final int TRIES = 3;

  private static final long PLAIN_TRANSFER = 21_000;

  /** Where results go. */
  interface Outlet {
    /** False when there is no room. */
    boolean offer(ChainEvent event);

    void trouble(String endpoint, TroubleKind kind, String detail);
  }

  private record Note(Endpoint from, Hash32 hash, JsonNode body, Instant seen) {}

  private record Task(SignedTransaction body, Instant seen, int left) {}

  /** What became of a hash. Its owner is the map that holds it, under whose lock it changes. */
  private static final class Known {
    private final Set<String> tried = new HashSet<>();
    private boolean simulated;
  }

  private final Panel panel;
  private final Witnesses witnesses;
  private final InstantSource clock;
  private final Outlet outlet;
  private final BoundedQueue<Note> notes = new BoundedQueue<>(WAITING);
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final ExecutorService simulating = Threads.virtual("simulate");
  private final Thread dispatching;
  private final Map<Hash32, Known> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash32, Known> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final List<Task> lacking = new ArrayList<>();
  private volatile boolean overloaded;
  private volatile Optional<BlockRef> last = Optional.empty();

  PendingDesk(Panel panel, Witnesses witnesses, InstantSource clock, Outlet outlet) {
    this.panel = panel;
    this.witnesses = witnesses;
    this.clock = clock;
    this.outlet = outlet;
    this.dispatching = Threads.start("pending", this::dispatch);
  }

  /** What comes from now on runs on {@code head}. */
  void on(BlockRef head) {
    last = Optional.of(head);
    List<Task> due;
    synchronized (lacking) {
      due = List.copyOf(lacking);
      lacking.clear();
    }
    try {
      due.forEach(task -> simulating.execute(() -> again(task, head)));
    } catch (RejectedExecutionException e) {
      // Closed; whoever follows the chain may still be at its last head.
      return;
    }
  }

  private void again(Task task, BlockRef head) {
    try {
      room.acquire();
      try {
        simulate(task, head);
      } finally {
        room.release();
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  /** Takes a body, or the hash of one where the endpoint announces hashes. Does not block. */
  void submit(Endpoint from, JsonNode note) {
    String hash = note.isString() ? note.stringValue() : note.path("hash").asString("");
    try {
      if (!notes.offer(new Note(from, Hash32.parse(hash), note, clock.instant()))) {
        overloaded("notices");
      }
    } catch (MalformedException e) {
      malformed(from, e);
    }
  }

  private void malformed(Endpoint from, MalformedException e) {
    outlet.trouble(from.name(), TroubleKind.MALFORMED, "pending transaction: " + e.getMessage());
  }

  private void overloaded(String what) {
    if (!overloaded) {
      overloaded = true;
      outlet.trouble(
          panel.endpoints().getFirst().name(),
          TroubleKind.OVERLOADED,
          "more pending transactions than can be looked at; some " + what + " were dropped");
    }
  }

  private void dispatch() {
    try {
      while (true) {
        Note note = notes.take();
        if (news(note)) {
          room.acquire();
          simulating.execute(
              () -> {
                try {
                  look(note);
                } finally {
                  room.release();
                }
              });
        }
        if (overloaded && notes.size() == 0) {
          overloaded = false;
        }
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  /** Whether nobody brought a good body of it yet, and this endpoint did not try. */
  private boolean news(Note note) {
    synchronized (known) {
      Known state = known.computeIfAbsent(note.hash(), _ -> new Known());
      return !state.simulated && state.tried.add(note.from().name());
    }
  }

  /** Whether this is the first good body of {@code hash}. */
  private boolean first(Hash32 hash) {
    synchronized (known) {
      Known state = known.computeIfAbsent(hash, _ -> new Known());
      boolean first = !state.simulated;
      state.simulated = true;
      state.tried.clear();
      return first;
    }
  }

  private void look(Note note) {
    try {
      Optional<SignedTransaction> body = body(note);
      Optional<BlockRef> head = last;
      if (head.isEmpty()) {
        head = note.from().latest().map(Block::ref);
      }
      if (body.isPresent() && head.isPresent() && first(note.hash()) && runsCode(body.get())) {
        simulate(new Task(body.get(), note.seen(), TRIES), head.get());
      }
    } catch (MalformedException e) {
      malformed(note.from(), e);
    } catch (Fault e) {
      outlet.trouble(
          note.from().name(),
          e.reachable() ? TroubleKind.MALFORMED : TroubleKind.DEGRADED,
          "pending transaction: " + e.reason());
    }
  }

  private static Optional<SignedTransaction> body(Note note) throws MalformedException, Fault {
    if (!note.body().isString()) {
      return Optional.of(TransactionJson.parse(note.body()));
    }
    Optional<SignedTransaction> fetched = note.from().pendingBody(note.hash());
    if (fetched.isPresent() && !fetched.get().hash().equals(note.hash())) {
      throw new MalformedException(
          note.hash() + " was asked for, " + fetched.get().hash() + " came");
    }
    return fetched;
  }

  private static boolean runsCode(SignedTransaction transaction) {
    return transaction.gas().amount() > PLAIN_TRANSFER
        || !transaction.call().input().isEmpty()
        || transaction.call().to().isEmpty();
  }

  private void simulate(Task task, BlockRef head) {
    SignedTransaction transaction = task.body();
    CompletableFuture<Optional<StateDiff>> changes =
        CompletableFuture.supplyAsync(() -> changes(transaction, head), simulating);
    Ballot.Result<TxTrace> result = witnesses.pending(transaction, head, Optional.empty());
    boolean canAgree = Set.copyOf(panel.electorate().values()).size() > 1;
    if (!result.agreement().agreed() && canAgree && task.left() > 1) {
      synchronized (lacking) {
        if (lacking.size() < LACKING) {
          lacking.add(new Task(transaction, task.seen(), task.left() - 1));
        }
      }
    }
    if (result.evidence().isPresent()) {
      ChainEvent.Traced traced =
          new ChainEvent.Traced(
              result.evidence().get(), result.agreement(), task.seen(), changes.join());
      if (!outlet.offer(traced)) {
        overloaded("traces");
      }
    }
  }

  private Optional<StateDiff> changes(SignedTransaction transaction, BlockRef head) {
    for (Endpoint endpoint : panel.endpoints()) {
      if (endpoint.can(Capability.TRACE_CALL)) {
        try {
          return Optional.of(endpoint.diff(transaction, head));
        } catch (Fault e) {
          // The trace says why it cannot run; another endpoint may tell the changes.
          if (!e.reachable()) {
            outlet.trouble(endpoint.name(), TroubleKind.DEGRADED, e.reason());
          }
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    dispatching.interrupt();
    simulating.shutdownNow();
  }
}
