package io.tocsin.audit;

import io.tocsin.base.Bytes;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one writer of the log. Thread-safe: steps are chained and handed to the store in the order of
 * arrival; {@link #append} returns at once, except for a step that {@linkplain Step#mustLast must
 * last}, which it makes durable together with all before it. What is not waited for reaches the
 * disk before anything the node writes later does, so no effect overtakes what it follows from.
 *
 * <p>When the store fails, nothing more is chained behind the gap: every later append throws, and
 * so no effect follows that is not on record. It stays so until it is opened anew: a node that
 * cannot write its log stops, and what it had begun is taken up by its next start.
 */
public final class AuditLog implements AutoCloseable {
  /** Entries at the end that are checked at every start; the rest is for {@code tocsin audit}. */
  static final int TAIL = 256;

  private static final int SALT_BYTES = 32;

  private final AuditStore store;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  private long sequence;
  private Hash32 head;
  private volatile Verification.Head durable;
  private long lastEffect;
  private boolean closed;
  private @Nullable RuntimeException failure;
  private final CompletableFuture<RuntimeException> failed = new CompletableFuture<>();

  private AuditLog(
      AuditStore store, InstantSource clock, RandomGenerator random, Optional<AuditEntry> last) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.sequence = last.map(AuditEntry::sequence).orElse(0L);
    this.head = last.map(AuditEntry::hash).orElse(AuditEntry.GENESIS);
    this.durable = new Verification.Head(sequence, head);
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
    AuditEntry entry;
    lock.lock();
    try {
      requireOpen();
      byte[] salt = new byte[SALT_BYTES];
      random.nextBytes(salt);
      var content = new AuditEntry.Content.Kept(Bytes.of(salt), encode(clock.instant(), step));
      entry = AuditEntry.next(sequence + 1, head, content);
      guarded(() -> store.append(entry, () -> durable = head(entry)));
      sequence = entry.sequence();
      head = entry.hash();
      if (step.effect()) {
        lastEffect = entry.sequence();
      }
    } finally {
      lock.unlock();
    }
    if (step.mustLast()) {
      flush();
    }
    return entry;
  }

  /**
   * Makes everything appended so far durable.
   *
   * @throws IllegalStateException if the log cannot be written
   */
  public void flush() {
    guarded(store::flush);
  }

  private void guarded(Runnable writing) {
    try {
      writing.run();
    } catch (RuntimeException e) {
      lock.lock();
      try {
        failure = failure == null ? e : failure;
      } finally {
        lock.unlock();
      }
      failed.complete(e);
      throw new IllegalStateException("the audit log cannot be written", e);
    }
  }

  private static Verification.Head head(AuditEntry entry) {
    return new Verification.Head(entry.sequence(), entry.hash());
  }

  /** The last entry that is durable: what is said of the log may be no more than a crash leaves. */
  public Verification.Head head() {
    return durable;
  }

  /** The place of the last {@linkplain Step#effect effect} of this run, 0 if there was none. */
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
    if (closed) {
      throw new IllegalStateException("the audit log is closed");
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
      if (failure != null) {
        throw new IllegalStateException("the audit log cannot be written", failure);
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    flush();
  }
}
