package io.tocsin.adapter.sqlite;

import java.nio.file.Path;
import java.util.Optional;
import org.sqlite.SQLiteException;

/** A database file that cannot be used any more: says which, why, and what to do about it. */
public final class DatabaseFault extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private DatabaseFault(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /** The fault of the disk or the file behind {@code failure}; empty if it is one of the work. */
  static Optional<DatabaseFault> behind(Path file, Throwable failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (one instanceof SQLiteException e) {
        int primary = e.getResultCode().code & 0xff;
        return remedy(primary).map(text -> fault(file, e, text, failure));
      }
    }
    return Optional.empty();
  }

  private static DatabaseFault fault(
      Path file, SQLiteException found, String remedy, Throwable failure) {
    return new DatabaseFault(
        "the database " + file + " cannot be used: " + found.getMessage() + ". " + remedy, failure);
  }

  /** Something in it cannot be read as what it should be. */
  static DatabaseFault content(Path file, String what, Exception cause) {
    return new DatabaseFault(
        "the database " + file + " cannot be used: " + what + ": " + cause.getMessage(), cause);
  }

  /** The folder or the lock file cannot be made. */
  static DatabaseFault place(Path file, Exception cause) {
    return new DatabaseFault(
        "the database "
            + file
            + " cannot be opened for writing: "
            + cause
            + ". The account that runs the node must be able to write to "
            + file.toAbsolutePath().getParent()
            + ", on a disk that is not full and not mounted read-only",
        cause);
  }

  /** By SQLite's primary result codes. */
  private static Optional<String> remedy(int code) {
    return switch (code) {
      case 13 ->
          Optional.of(
              "The disk is full: make room on it and start the node again; nothing is lost");
      case 10 ->
          Optional.of(
              "The disk or a limit on file sizes refused a read or a write: make room, look at the"
                  + " disk and its limits, and start the node again");
      case 3, 8, 14, 23 ->
          Optional.of(
              "It must be writable for the account that runs the node, on a disk that is not"
                  + " mounted read-only: mend that and start the node again");
      case 11, 26 ->
          Optional.of(
              "The file is damaged, or is no database: stop the node, keep a copy of the damaged"
                  + " file and the files -wal and -shm beside it, and see docs/reliability.md,"
                  + " \"A damaged database\"");
      default -> Optional.empty();
    };
  }
}
