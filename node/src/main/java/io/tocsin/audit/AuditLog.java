package io.tocsin.audit;

import io.tocsin.base.Bytes;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Threads;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one writer of the log. Thread-safe: steps are chained in the order of arrival and written in
 * groups by one thread; {@link #append} returns at once, except for a step that {@linkplain
 * Step#mustLast must last}, which it makes durable together with all before it.
 *
 * <p>When the store fails, nothing more is chained behind the gap: every later append throws, and
 * so no effect follows that is not on record. It stays so until it is opened anew: a node that
 * cannot write its log stops, and what it had begun is taken up by its next start. At most {@value
 * #CAPACITY} entries wait for the store; when they do, callers wait too, because what happened is
 * never dropped.
 */
public final class AuditLog implements AutoCloseable {
  static final int CAPACITY = 4_096;

  /** Entries at the end that are checked at every start; the rest is for {@code tocsin audit}. */
  static final int TAIL = 256;

  private static final int SALT_BYTES = 32;

  private final AuditStore store;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<AuditEntry> waiting = new ArrayList<>();

  private long sequence;
  private Hash32 head;
  private long durable;
  private Hash32 durableHash;
  private long lastEffect;
  private boolean closing;
  private boolean stopped;
  private @Nullable RuntimeException failure;
  private final CompletableFuture<RuntimeException> failed = new CompletableFuture<>();

  private AuditLog(
      AuditStore store, InstantSource clock, RandomGenerator random, Optional<AuditEntry> last) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.sequence = last.map(AuditEntry::sequence).orElse(0L);
    this.durable = sequence;
    this.head = last.map(AuditEntry::hash).orElse(AuditEntry.GENESIS);
    this.durableHash = head;
    Threads.start("audit-writer", this::write);
  }

  /**
   * Opens the log behind its last entry.
   *
   * @param random for salts; cryptographically strong outside of tests
   * @throws MalformedException if one of the last {@value #TAIL} entries was changed or is missing
   */
  public static AuditLog open(AuditStore store, InstantSource clock, RandomGenerator random)
      throws MalformedException {
    Optional<AuditEntry> last = store.last();
    if (last.isPresent()) {
      List<Verification.Fault> faults =
          Verification.chained(store, Math.max(1, last.get().sequence() - TAIL + 1));
      if (!faults.isEmpty()) {
        throw new MalformedException(
            "audit log: its end does not hold: "
                + faults.getFirst()
                + "; nothing is written behind it. Run tocsin audit to see all that was changed,"
                + " and see docs/reliability.md, \"A damaged database\"");
      }
    }
    return new AuditLog(store, clock, random, last);
  }

  /**
   * Adds a step; durable on return if it must last.
   *
   * @throws IllegalStateException if the log cannot be written or is closed; no effect may follow
   */
  public AuditEntry append(Step step) {
    lock.lock();
    try {
      while (waiting.size() >= CAPACITY && failure == null) {
        changed.awaitUninterruptibly();
      }
      requireOpen();
      byte[] salt = new byte[SALT_BYTES];
      random.nextBytes(salt);
      var content = new AuditEntry.Content.Kept(Bytes.of(salt), encode(clock.instant(), step));
      AuditEntry entry = AuditEntry.next(sequence + 1, head, content);
      sequence = entry.sequence();
      head = entry.hash();
      waiting.add(entry);
      changed.signalAll();
      if (step.mustLast()) {
        lastEffect = entry.sequence();
        awaitDurable(entry.sequence());
      }
      return entry;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes everything appended so far durable.
   *
   * @throws IllegalStateException if the log cannot be written
   */
  public void flush() {
    lock.lock();
    try {
      awaitDurable(sequence);
    } finally {
      lock.unlock();
    }
  }

  /** The last entry that is durable. */
  public Verification.Head head() {
    lock.lock();
    try {
      return new Verification.Head(durable, durableHash);
    } finally {
      lock.unlock();
    }
  }

  /** The place of the last step of this run that had to last, 0 if there was none. */
  public long lastEffect() {
    lock.lock();
    try {
      return lastEffect;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Erases the bodies of earlier entries, after that fact itself is on record.
   *
   * @throws IllegalStateException if the log cannot be written
   */
  public AuditEntry erase(List<Long> sequences, String reason) {
    AuditEntry entry = append(new Step.Erased(sequences, reason));
    flush();
    store.erase(sequences);
    return entry;
  }

  /** Completed when the store failed; nothing can be put on record from then on. */
  public CompletableFuture<RuntimeException> failed() {
    return failed.copy();
  }

  private void requireOpen() {
    if (failure != null) {
      throw new IllegalStateException("the audit log cannot be written", failure);
    }
    if (closing) {
      throw new IllegalStateException("the audit log is closed");
    }
  }

  private void awaitDurable(long until) {
    while (durable < until) {
      if (failure != null) {
        throw new IllegalStateException("the audit log cannot be written", failure);
      }
      changed.awaitUninterruptibly();
    }
  }

  private void write() {
    while (true) {
      List<AuditEntry> group;
      lock.lock();
      try {
        while (waiting.isEmpty() && !closing) {
          changed.awaitUninterruptibly();
        }
        if (waiting.isEmpty()) {
          stopped = true;
          changed.signalAll();
          return;
        }
        group = List.copyOf(waiting);
      } finally {
        lock.unlock();
      }
      @Nullable RuntimeException fault = null;
      try {
        store.append(group);
      } catch (RuntimeException e) {
        fault = e;
      }
      lock.lock();
      try {
        changed.signalAll();
        if (fault != null) {
          failure = fault;
          stopped = true;
          failed.complete(fault);
          return;
        }
        durable = group.getLast().sequence();
        durableHash = group.getLast().hash();
        waiting.subList(0, group.size()).clear();
      } finally {
        lock.unlock();
      }
    }
  }

  /** The canonical body of a step at a time. */
  static Bytes encode(Instant at, Step step) {
    ObjectNode body = Json.object();
    body.put("at", at.toString());
    body.set("step", RecordJson.PLAIN.write(Step.class, step));
    return CanonicalJson.write(body);
  }

  /**
   * What became of permits, from the log: see {@link Intent#read}.
   *
   * @throws MalformedException if the log cannot be read
   */
  public Intent.Found intents(Recording recording, Set<Hash32> permits, Instant since)
      throws MalformedException {
    flush();
    return Intent.read(store, recording, permits, since);
  }

  /** A step and when it was taken. */
  public record Timed(Instant at, Step step) {}

  /**
   * The step in {@code body}.
   *
   * @throws MalformedException if this version knows no such step
   */
  public static Timed decode(Bytes body) throws MalformedException {
    JsonNode node = Json.parse(body.toArray());
    JsonNode step = node.get("step");
    JsonNode at = node.get("at");
    if (step == null || at == null) {
      throw new MalformedException("audit entry: expected a time and a step");
    }
    return new Timed(
        RecordJson.PLAIN.read(Instant.class, at), RecordJson.PLAIN.read(Step.class, step));
  }

  /**
   * Writes what waits and stops.
   *
   * @throws IllegalStateException if something could not be written
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
      while (!stopped) {
        changed.awaitUninterruptibly();
      }
      if (failure != null) {
        throw new IllegalStateException("the audit log cannot be written", failure);
      }
    } finally {
      lock.unlock();
    }
  }
}
