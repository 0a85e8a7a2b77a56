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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;

/**
 * Simulates pending transactions: each body once, with the sender recovered from its signature, on
 * the last head. Transfers that cannot run code (no input, 21,000 gas) are passed over.
 */
final class PendingDesk implements AutoCloseable {
  /** Notices waiting. A busy public pool brings some 20 a second; beyond this they are dropped. */
  private static final int WAITING = 4_096;

  /** Simulations under way; each holds one call at every endpoint. */
  private static final int AT_ONCE = 8;

  /** Hashes remembered, so that a body is simulated once though every endpoint announces it. */
  private static final int REMEMBERED = 1 << 16;

  private static final long PLAIN_TRANSFER = 21_000;

  /** Where results go and the head comes from. */
  interface Outlet {
    Optional<BlockRef> head();

    /** False when there is no room. */
    boolean offer(ChainEvent event);

    void trouble(String endpoint, TroubleKind kind, String detail);
  }

  private record Note(Endpoint from, JsonNode body, Instant seen) {}

  private final Panel panel;
  private final Witnesses witnesses;
  private final InstantSource clock;
  private final Outlet outlet;
  private final BoundedQueue<Note> notes = new BoundedQueue<>(WAITING);
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final ExecutorService simulating = Threads.virtual("simulate");
  private final Thread dispatching;
  private final Map<Hash32, Boolean> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash32, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };
  private volatile boolean overloaded;

  PendingDesk(Panel panel, Witnesses witnesses, InstantSource clock, Outlet outlet) {
    this.panel = panel;
    this.witnesses = witnesses;
    this.clock = clock;
    this.outlet = outlet;
    this.dispatching = Threads.start("pending", this::dispatch);
  }

  /** Takes a body, or the hash of one where the endpoint announces hashes. Does not block. */
  void submit(Endpoint from, JsonNode note) {
    if (!notes.offer(new Note(from, note, clock.instant()))) {
      overloaded("notices");
    }
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

  private boolean news(Note note) {
    String hash =
        note.body().isString() ? note.body().stringValue() : note.body().path("hash").asString("");
    try {
      return known.putIfAbsent(Hash32.parse(hash), true) == null;
    } catch (MalformedException e) {
      outlet.trouble(
          note.from().name(), TroubleKind.MALFORMED, "pending transaction: " + e.getMessage());
      return false;
    }
  }

  private void look(Note note) {
    try {
      Optional<SignedTransaction> body =
          note.body().isString()
              ? note.from().pendingBody(Hash32.parse(note.body().stringValue()))
              : Optional.of(TransactionJson.parse(note.body()));
      Optional<BlockRef> head = outlet.head();
      if (head.isEmpty()) {
        head = note.from().latest().map(Block::ref);
      }
      if (body.isPresent() && head.isPresent() && runsCode(body.get())) {
        simulate(body.get(), head.get(), note.seen());
      }
    } catch (MalformedException e) {
      outlet.trouble(
          note.from().name(), TroubleKind.MALFORMED, "pending transaction: " + e.getMessage());
    } catch (Fault e) {
      outlet.trouble(
          note.from().name(),
          e.reachable() ? TroubleKind.MALFORMED : TroubleKind.UNREACHABLE,
          "pending transaction: " + e.reason());
    }
  }

  private static boolean runsCode(SignedTransaction transaction) {
    return transaction.gas().amount() > PLAIN_TRANSFER
        || !transaction.call().input().isEmpty()
        || transaction.call().to().isEmpty();
  }

  private void simulate(SignedTransaction transaction, BlockRef head, Instant seen) {
    CompletableFuture<Optional<StateDiff>> changes =
        CompletableFuture.supplyAsync(() -> changes(transaction, head), simulating);
    Ballot.Result<TxTrace> result = witnesses.pending(transaction, head, Optional.empty());
    if (result.evidence().isPresent()) {
      ChainEvent.Traced traced =
          new ChainEvent.Traced(result.evidence().get(), result.agreement(), seen, changes.join());
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
            outlet.trouble(endpoint.name(), TroubleKind.UNREACHABLE, e.reason());
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
