package io.tocsin.adapter.sqlite;

import io.tocsin.base.BoundedQueue;
import io.tocsin.base.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes to a database, in the order in which it was given work. Thread-safe.
 *
 * <p>Works that wait at the same moment share one transaction. One that somebody waits for has a
 * savepoint of its own, so that it undoes only itself when it fails, and is on the disk when its
 * caller goes on. One that nobody waits for is committed with the next that somebody does, {@value
 * #LAZY_MILLIS} ms later at most; if it fails, nothing is written behind it any more.
 */
final class Writer implements AutoCloseable {
  /**
   * Works waiting. A commit takes some 4 ms and serves {@link #GROUP} works, so this is about 16 ms
   * of backlog; a caller beyond it waits, nothing is dropped.
   */
  private static final int WAITING = 1_024;

  /** Works that share one transaction at most, so that the first does not wait for ever. */
  private static final int GROUP = 256;

  private static final long LAZY_MILLIS = 10;

  private final Path file;
  private final Handle handle;
  private final BoundedQueue<Optional<Task<?>>> waiting = new BoundedQueue<>(WAITING);
  private final ExecutorService writing = Threads.cpu("sqlite-writer", 1, 1);
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
  private final CompletableFuture<DatabaseFault> broken = new CompletableFuture<>();
  private final AtomicLong handed = new AtomicLong();
  private final AtomicLong kept = new AtomicLong();
  private boolean closed;
  private volatile @Nullable RuntimeException lost;
  private volatile @Nullable Thread thread;

  /** Starts writing through {@code handle}, which it owns; {@code file} names it in sentences. */
  Writer(Path file, Handle handle) {
    this.file = file;
    this.handle = handle;
    writing.execute(this::serve);
  }

  private record Task<T>(Database.Work<T> work, CompletableFuture<T> result, boolean awaited) {
    Runnable attempt(Handle handle) {
      if (!awaited) {
        T value = work.on(handle);
        return () -> result.complete(value);
      }
      handle.savepoint("work");
      try {
        T value = work.on(handle);
        handle.releaseSavepoint("work");
        return () -> result.complete(value);
      } catch (RuntimeException e) {
        undo(handle, e);
        return () -> result.completeExceptionally(e);
      }
    }

    /** A full disk undoes the whole transaction, savepoints too: then all its works have failed. */
    private static void undo(Handle handle, RuntimeException failure) {
      try {
        handle.rollbackToSavepoint("work");
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
        throw failure;
      }
    }
  }

  /** Completed with the first fault of the disk or the file. */
  CompletableFuture<DatabaseFault> broken() {
    return broken;
  }

  RuntimeException noticed(RuntimeException failure) {
    DatabaseFault.behind(file, failure).ifPresent(broken::complete);
    return failure;
  }

  /** Does {@code work} and answers after it is on the disk. */
  <T> T write(Database.Work<T> work) {
    Task<T> task = new Task<>(work, new CompletableFuture<>(), true);
    DiskWait wait = new DiskWait(file);
    wait.begin();
    enqueue(task);
    try {
      return task.result().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw noticed(fault);
      }
      throw e;
    } finally {
      wait.commit();
    }
  }

  /** Takes {@code change} to be made, and returns at once; {@code then} runs once it is made. */
  void hand(Database.Change change, Runnable then) {
    requireWhole();
    handed.incrementAndGet();
    CompletableFuture<Boolean> made = new CompletableFuture<>();
    var _ = made.thenRun(then);
    enqueue(
        new Task<>(
            h -> {
              change.on(h);
              return true;
            },
            made,
            false));
  }

  /** Returns when everything handed over is on the disk. */
  void flush() {
    if (kept.get() < handed.get()) {
      boolean _ = write(_ -> true);
    }
    requireWhole();
  }

  private void requireWhole() {
    RuntimeException failure = lost;
    if (failure != null) {
      throw new IllegalStateException(
          "the database " + file + " lost what it was given: " + failure.getMessage(), failure);
    }
  }

  private void enqueue(Task<?> task) {
    if (Thread.currentThread().equals(thread)) {
      throw new IllegalStateException("use the handle at hand: this is the writer's own thread");
    }
    boolean interrupted = false;
    gate.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the database is closed");
      }
      while (true) {
        try {
          waiting.put(Optional.of(task));
          return;
        } catch (InterruptedException e) {
          // What happened goes on record all the same; the writer makes room soon.
          interrupted = true;
        }
      }
    } finally {
      gate.readLock().unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void serve() {
    thread = Thread.currentThread();
    try {
      boolean open = true;
      while (open) {
        List<Task<?>> group = new ArrayList<>();
        boolean awaited = false;
        Optional<Optional<Task<?>>> next = Optional.of(waiting.take());
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAZY_MILLIS);
        while (next.isPresent() && open) {
          next.get().ifPresent(group::add);
          open = next.get().isPresent();
          awaited |= next.get().filter(Task::awaited).isPresent();
          long patience = awaited || !open ? 0 : Math.max(0, until - System.nanoTime());
          next = group.size() < GROUP ? waiting.poll(Duration.ofNanos(patience)) : Optional.empty();
        }
        if (!group.isEmpty()) {
          commit(group).forEach(Runnable::run);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is to be told, once these works are on the disk or have failed. */
  private List<Runnable> commit(List<Task<?>> group) {
    List<Runnable> answers = new ArrayList<>();
    long lazy = group.stream().filter(task -> !task.awaited()).count();
    try {
      requireWhole();
      handle.begin();
      for (Task<?> task : group) {
        answers.add(task.attempt(handle));
      }
      handle.commit();
      kept.addAndGet(lazy);
    } catch (RuntimeException e) {
      answers.clear();
      group.forEach(task -> answers.add(() -> task.result().completeExceptionally(e)));
      undo(e);
      if (lazy > 0) {
        lose(e);
      }
    }
    return answers;
  }

  private void lose(RuntimeException failure) {
    if (lost == null) {
      // Said before anyone is refused for it: what stops the node names the disk, not who wrote.
      broken.complete(
          DatabaseFault.behind(file, failure)
              .orElseGet(() -> DatabaseFault.content(file, "what it was given is lost", failure)));
      lost = failure;
    }
  }

  /** A full disk makes SQLite roll back by itself; that nothing is left to undo is no failure. */
  private void undo(RuntimeException failure) {
    try {
      if (handle.isInTransaction()) {
        handle.rollback();
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Finishes what waits; false if it was closed before. */
  boolean finish() throws InterruptedException {
    gate.writeLock().lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      waiting.put(Optional.empty());
      writing.shutdown();
      if (!writing.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the database writer did not finish");
      }
      return true;
    } finally {
      gate.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    handle.close();
  }
}
