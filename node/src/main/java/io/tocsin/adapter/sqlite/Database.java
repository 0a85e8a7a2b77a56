package io.tocsin.adapter.sqlite;

import io.tocsin.base.BoundedQueue;
import io.tocsin.base.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import org.sqlite.SQLiteDataSource;

/**
 * One SQLite file with the schema of {@code db/migration}: write-ahead log, full synchronisation,
 * foreign keys on, deleted content overwritten. Thread-safe.
 *
 * <p>Single writer: one thread owns the writing connection. {@link #write} hands it a piece of work
 * and waits; the works that wait at the same moment share one transaction, each in a savepoint of
 * its own, so that a failing one undoes only itself. When {@code write} returns, the change is on
 * the disk. A lock file beside the database keeps a second process out, because two nodes with one
 * log would sign different messages under the same number.
 */
public final class Database implements AutoCloseable {
  /**
   * Works waiting for the writer. A commit takes some 4 ms and serves {@link #GROUP} works, so this
   * is about 16 ms of backlog; a caller beyond it waits, nothing is dropped.
   */
  private static final int WAITING = 1_024;

  /** Works that share one transaction at most, so that the first does not wait for ever. */
  private static final int GROUP = 256;

  /** Reading connections; reads are short, and each holds a carrier thread while it runs. */
  private static final int READERS = 2;

  private static final AtomicLong MEMORIES = new AtomicLong();

  private final Path file;
  private final Optional<FileChannel> lockFile;
  private final Handle writer;
  private final Optional<BoundedQueue<Handle>> readers;
  private final boolean readOnly;
  private final BoundedQueue<Optional<Task<?>>> waiting = new BoundedQueue<>(WAITING);
  private final ExecutorService writing = Threads.cpu("sqlite-writer", 1, 1);
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
  private final CompletableFuture<DatabaseFault> broken = new CompletableFuture<>();
  private boolean closed;
  private volatile @Nullable Thread writerThread;

  private record Place(Path file, SQLiteDataSource source) {}

  private Database(Optional<FileChannel> lockFile, Place place, boolean readOnly) {
    SQLiteDataSource source = place.source();
    this.file = place.file();
    this.lockFile = lockFile;
    this.readOnly = readOnly;
    this.writer = Connections.connect(source);
    this.readers = lockFile.isEmpty() && !readOnly ? Optional.empty() : Optional.of(pool(source));
    writing.execute(this::serve);
  }

  /** Work on an open handle; it must not keep the handle. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does the work and answers its result. */
    T on(Handle handle);
  }

  /** A change without a result. */
  @FunctionalInterface
  public interface Change {
    /** Makes the change. */
    void on(Handle handle);
  }

  private record Task<T>(Work<T> work, CompletableFuture<T> result) {
    Runnable attempt(Handle handle) {
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

  /**
   * Opens the database in {@code file}, creating it and its directory, and brings its schema up to
   * date.
   *
   * @throws IllegalStateException if another process has it open for writing
   * @throws DatabaseFault if it cannot be made, written or read
   */
  public static Database open(Path file) {
    FileChannel lock;
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      lock =
          FileChannel.open(
              file.resolveSibling(file.getFileName() + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw DatabaseFault.place(file, e);
    }
    try {
      if (lock.tryLock() == null) {
        throw inUse(file);
      }
      SQLiteDataSource source = Connections.source("jdbc:sqlite:" + file, false);
      Connections.migrate(source);
      return new Database(Optional.of(lock), new Place(file, source), false);
    } catch (OverlappingFileLockException e) {
      close(lock);
      throw inUse(file);
    } catch (IOException e) {
      close(lock);
      throw DatabaseFault.place(file, e);
    } catch (RuntimeException e) {
      close(lock);
      throw DatabaseFault.behind(file, e).map(RuntimeException.class::cast).orElse(e);
    }
  }

  private static IllegalStateException inUse(Path file) {
    return new IllegalStateException(
        "the database "
            + file
            + " is in use by another node: two nodes with one data directory would contradict"
            + " each other; stop the other one or choose another directory");
  }

  /**
   * Opens an existing database for reading, also while a node writes to it.
   *
   * @throws IllegalStateException if there is no such file
   */
  public static Database openReadOnly(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException("there is no database " + file);
    }
    return new Database(
        Optional.empty(), new Place(file, Connections.source("jdbc:sqlite:" + file, true)), true);
  }

  /** An empty database that lives in memory until it is closed. */
  public static Database memory() {
    SQLiteDataSource source =
        Connections.source(
            "jdbc:sqlite:file:tocsin-" + MEMORIES.incrementAndGet() + "?mode=memory&cache=shared",
            false);
    Handle keep = Connections.connect(source);
    try {
      Connections.migrate(source);
      return new Database(Optional.empty(), new Place(Path.of("memory"), source), false);
    } finally {
      keep.close();
    }
  }

  private static BoundedQueue<Handle> pool(SQLiteDataSource source) {
    BoundedQueue<Handle> pool = new BoundedQueue<>(READERS);
    for (int i = 0; i < READERS; i++) {
      pool.offer(Connections.connect(source));
    }
    return pool;
  }

  /**
   * Runs {@code work} in a transaction and answers after its changes are on the disk. Exceptions of
   * the work undo it and reach the caller.
   *
   * @throws IllegalStateException if the database is closed, read-only, or called from within a
   *     write
   */
  public <T> T write(Work<T> work) {
    if (readOnly) {
      throw new IllegalStateException("the database is open for reading only");
    }
    return queue(work);
  }

  /** Like {@link #write(Work)}, for changes without a result. */
  public void change(Change change) {
    var _ =
        write(
            handle -> {
              change.on(handle);
              return true;
            });
  }

  /**
   * Runs {@code work} on one consistent state that includes every write that returned before.
   *
   * @throws IllegalStateException if the database is closed or called from within a write
   */
  public <T> T read(Work<T> work) {
    if (readers.isEmpty()) {
      return queue(work);
    }
    try {
      Handle handle = readers.get().take();
      try {
        return handle.inTransaction(work::on);
      } catch (RuntimeException e) {
        throw noticed(e);
      } finally {
        readers.get().put(handle);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading the database", e);
    }
  }

  private <T> T queue(Work<T> work) {
    if (Thread.currentThread().equals(writerThread)) {
      throw new IllegalStateException("use the handle at hand: this is the writer's own thread");
    }
    Task<T> task = new Task<>(work, new CompletableFuture<>());
    gate.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the database is closed");
      }
      waiting.put(Optional.of(task));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the database", e);
    } finally {
      gate.readLock().unlock();
    }
    try {
      return task.result().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw noticed(fault);
      }
      throw e;
    }
  }

  private RuntimeException noticed(RuntimeException failure) {
    DatabaseFault.behind(file, failure).ifPresent(broken::complete);
    return failure;
  }

  Path file() {
    return file;
  }

  /** Completed with the first fault of the disk or the file; whoever relies on it stops then. */
  public CompletableFuture<DatabaseFault> broken() {
    return broken.copy();
  }

  private void serve() {
    writerThread = Thread.currentThread();
    try {
      boolean open = true;
      while (open) {
        List<Task<?>> group = new ArrayList<>();
        Optional<Optional<Task<?>>> next = Optional.of(waiting.take());
        while (next.isPresent() && open) {
          next.get().ifPresent(group::add);
          open = next.get().isPresent();
          next = group.size() < GROUP ? waiting.poll(Duration.ZERO) : Optional.empty();
        }
        if (!group.isEmpty()) {
          commit(group);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void commit(List<Task<?>> group) {
    List<Runnable> answers = new ArrayList<>();
    try {
      writer.begin();
      for (Task<?> task : group) {
        answers.add(task.attempt(writer));
      }
      writer.commit();
    } catch (RuntimeException e) {
      answers.clear();
      group.forEach(task -> answers.add(() -> task.result().completeExceptionally(e)));
      undo(e);
    }
    answers.forEach(Runnable::run);
  }

  /** A full disk makes SQLite roll back by itself; that nothing is left to undo is no failure. */
  private void undo(RuntimeException failure) {
    try {
      if (writer.isInTransaction()) {
        writer.rollback();
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Finishes the writes that wait and closes the file. */
  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      waiting.put(Optional.empty());
      writing.shutdown();
      if (!writing.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the database writer did not finish");
      }
      if (readers.isPresent()) {
        for (int i = 0; i < READERS; i++) {
          readers.get().take().close();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      gate.writeLock().unlock();
    }
    writer.close();
    lockFile.ifPresent(Database::close);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
