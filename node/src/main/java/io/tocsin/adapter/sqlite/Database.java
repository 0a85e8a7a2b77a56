package io.tocsin.adapter.sqlite;

import io.tocsin.base.BoundedQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.sqlite.SQLiteDataSource;

/**
 * One SQLite file with the schema of {@code db/migration}: write-ahead log, full synchronisation,
 * foreign keys on, deleted content overwritten. Thread-safe.
 *
 * <p>One {@linkplain Writer thread} writes, in the order in which it was given work. When {@link
 * #write} returns, its change is on the disk, and so is everything that was {@linkplain #hand
 * handed} over before: who waits for one waits for all before it. A lock file beside the database
 * keeps a second process out, because two nodes with one log would sign different messages under
 * the same number.
 */
public final class Database implements AutoCloseable {
  /** Reading connections; reads are short, and each holds a carrier thread while it runs. */
  private static final int READERS = 2;

  private static final AtomicLong MEMORIES = new AtomicLong();

  private final Path file;
  private final Optional<FileChannel> lockFile;
  private final Writer writer;
  private final Optional<BoundedQueue<Handle>> readers;
  private final boolean readOnly;

  private record Place(Path file, SQLiteDataSource source) {}

  private Database(Optional<FileChannel> lockFile, Place place, boolean readOnly) {
    SQLiteDataSource source = place.source();
    this.file = place.file();
    this.lockFile = lockFile;
    this.readOnly = readOnly;
    this.writer = new Writer(place.file(), Connections.connect(source));
    this.readers =
        lockFile.isEmpty() && !readOnly ? Optional.empty() : Optional.of(pool(source.getUrl()));
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

  /** Their transactions must not ask for the write lock, as the writer's do at once. */
  private static BoundedQueue<Handle> pool(String url) {
    SQLiteDataSource source = Connections.source(url, true);
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
    requireWritable();
    return writer.write(work);
  }

  private void requireWritable() {
    if (readOnly) {
      throw new IllegalStateException("the database is open for reading only");
    }
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
   * Gives {@code change} to the writer and returns at once; it is on the disk before any change
   * given after it, when {@link #flush} returns, and soon in any case. What is read meanwhile may
   * lack it. If it fails, nothing is written behind it any more and {@link #broken} says so.
   *
   * @throws IllegalStateException if the database is closed, read-only, called from within a write,
   *     or lost what it was handed before
   */
  public void hand(Change change) {
    hand(change, () -> {});
  }

  /** As {@link #hand(Change)}; {@code then}, which must be quick, runs once it is on the disk. */
  void hand(Change change, Runnable then) {
    requireWritable();
    writer.hand(change, then);
  }

  /**
   * Returns when everything handed over is on the disk.
   *
   * @throws IllegalStateException if it never will be
   */
  public void flush() {
    writer.flush();
  }

  /**
   * Runs {@code work} on one consistent state that includes every write that returned before.
   *
   * @throws IllegalStateException if the database is closed or called from within a write
   */
  public <T> T read(Work<T> work) {
    if (readers.isEmpty()) {
      return writer.write(work);
    }
    try {
      Handle handle = readers.get().take();
      try {
        return handle.inTransaction(work::on);
      } catch (RuntimeException e) {
        throw writer.noticed(e);
      } finally {
        readers.get().put(handle);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading the database", e);
    }
  }

  Path file() {
    return file;
  }

  /** Completed with the first fault of the disk or the file; whoever relies on it stops then. */
  public CompletableFuture<DatabaseFault> broken() {
    return writer.broken().copy();
  }

  /** Finishes the writes that wait and closes the file. */
  @Override
  public void close() {
    try {
      if (!writer.finish()) {
        return;
      }
      if (readers.isPresent()) {
        for (int i = 0; i < READERS; i++) {
          readers.get().take().close();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
