package io.tocsin.adapter.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.AuditLog;
import io.tocsin.audit.AuditStore;
import io.tocsin.audit.Step;
import io.tocsin.audit.Verification;
import io.tocsin.base.MalformedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full or read-only, and a file that is damaged, on real files. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DatabaseFaultIT {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("tocsin.db");
  }

  private static String fault(Database database) {
    return database.broken().isDone()
        ? String.valueOf(database.broken().join().getMessage())
        : "none";
  }

  private static Step step(int number) {
    return new Step.Trouble("here", "TEST", "number " + number);
  }

  private static AuditLog log(AuditStore store) throws MalformedException {
    return AuditLog.open(store, () -> NOW, new Random(3));
  }

  /** A log of {@code steps} entries, each group on the disk by itself. */
  private void write(int steps) throws MalformedException {
    try (Database database = Database.open(file());
        AuditLog log = log(new SqliteAuditStore(database))) {
      for (int i = 1; i <= steps; i++) {
        log.append(step(i));
        log.flush();
      }
    }
  }

  private Verification.Result verified() {
    try (Database database = Database.openReadOnly(file())) {
      return Verification.of(new SqliteAuditStore(database), List.of(), (_, _) -> {});
    }
  }

  @Test
  void nothingIsOnRecordBehindAFullDiskAndTheNextStartGoesOn() throws Exception {
    Database database = Database.open(file());
    AuditLog log = log(new SqliteAuditStore(database));
    log.append(step(1));
    log.flush();
    database.change(
        handle ->
            handle.execute(
                "PRAGMA max_page_count = "
                    + handle.createQuery("PRAGMA page_count").mapTo(Integer.class).one()));
    log.append(new Step.Trouble("here", "TEST", "long ".repeat(20_000)));
    assertThatThrownBy(log::flush).hasMessageContaining("cannot be written");
    assertThatThrownBy(() -> log.append(step(3))).hasMessageContaining("cannot be written");
    assertThat(log.failed()).isCompleted();
    assertThat(fault(database))
        .contains(file().toString())
        .contains("The disk is full: make room on it and start the node again");
    assertThatThrownBy(log::close).hasMessageContaining("cannot be written");
    database.close();
    write(2);
    assertThat(verified().holds()).isTrue();
    assertThat(verified().entries()).isEqualTo(3);
  }

  @Test
  void saysThatADiskBecameReadOnly() {
    try (Database database = Database.open(file())) {
      assertThat(database.broken()).isNotDone();
      assertThatThrownBy(() -> database.change(h -> h.execute("PRAGMA query_only = 1")))
          .hasMessageContaining("commit");
      assertThat(fault(database))
          .contains(file().toString())
          .contains("readonly")
          .contains("writable for the account that runs the node");
    }
  }

  @Test
  void aFaultOfTheWorkIsNoneOfTheDisk() {
    try (Database database = Database.open(file())) {
      assertThatThrownBy(() -> database.change(h -> h.execute("INSERT INTO cursor VALUES (1)")));
      assertThatThrownBy(
          () -> database.change(h -> h.execute("INSERT INTO interlock VALUES (2,'')")));
      assertThat(database.broken()).isNotDone();
    }
  }

  @Test
  void saysThatItsFolderCannotBeWritten() {
    assertThatThrownBy(() -> Database.open(Path.of("/proc/tocsin/tocsin.db")))
        .isInstanceOf(DatabaseFault.class)
        .hasMessageContaining("/proc/tocsin/tocsin.db")
        .hasMessageContaining("must be able to write to /proc/tocsin");
  }

  @Test
  void saysThatItCannotWriteItsLogOfWritesWhenItStarts() throws Exception {
    write(1);
    Files.createSymbolicLink(directory.resolve("tocsin.db-wal"), Path.of("/dev/full"));
    assertThatThrownBy(() -> write(1))
        .hasMessageContaining(file().toString())
        .hasMessageContaining("start the node again");
    Files.delete(directory.resolve("tocsin.db-wal"));
    write(1);
    assertThat(verified().entries()).isEqualTo(2);
  }

  @Test
  void refusesAFileThatIsNoDatabase() throws Exception {
    Files.writeString(file(), "no database at all, whatever its name says".repeat(200));
    assertThatThrownBy(() -> Database.open(file()))
        .isInstanceOf(DatabaseFault.class)
        .hasMessageContaining(file().toString())
        .hasMessageContaining("docs/reliability.md");
  }

  @Test
  void noticesDamagedPagesWhenItReadsThem() throws Exception {
    write(400);
    byte[] content = Files.readAllBytes(file());
    for (int i = content.length / 2; i < content.length; i++) {
      content[i] = (byte) 0xa5;
    }
    Files.write(file(), content);
    assertThatThrownBy(() -> write(1))
        .satisfies(e -> assertThat(e.toString()).containsAnyOf("damaged", "malformed"));
  }

  @Test
  void aTornWriteAheadLogCostsTheLastCommitsOnly() throws Exception {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    try (Database database = Database.open(file());
        AuditLog log = log(new SqliteAuditStore(database))) {
      for (int i = 1; i <= 5; i++) {
        log.append(step(i));
        log.flush();
      }
      Files.copy(file(), copy.resolve("tocsin.db"));
      Files.copy(directory.resolve("tocsin.db-wal"), copy.resolve("tocsin.db-wal"));
    }
    Path torn = copy.resolve("tocsin.db-wal");
    byte[] all = Files.readAllBytes(torn);
    all[all.length - 100] ^= 1;
    Files.write(torn, all, StandardOpenOption.TRUNCATE_EXISTING);
    try (Database database = Database.open(copy.resolve("tocsin.db"));
        AuditLog log = log(new SqliteAuditStore(database))) {
      assertThat(log.append(step(6)).sequence()).isEqualTo(5);
      log.flush();
      assertThat(Verification.of(new SqliteAuditStore(database), List.of(), (_, _) -> {}).holds())
          .isTrue();
    }
  }

  @Test
  void refusesToWriteBehindAnEndThatDoesNotHold() throws Exception {
    write(300);
    try (Database database = Database.open(file())) {
      database.change(
          h -> h.execute("UPDATE audit_entry SET body = CAST('{}' AS BLOB) WHERE sequence = 290"));
      assertThatThrownBy(() -> log(new SqliteAuditStore(database)))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("entry 290")
          .hasMessageContaining("tocsin audit")
          .hasMessageContaining("docs/reliability.md");
      database.change(h -> h.execute("DELETE FROM audit_entry WHERE sequence BETWEEN 290 AND 295"));
      assertThatThrownBy(() -> log(new SqliteAuditStore(database)))
          .hasMessageContaining("entry 290")
          .hasMessageContaining("missing");
    }
  }
}
