package io.tocsin.adapter.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Threads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseIT {
  @TempDir Path directory;

  private static void prepare(Database database) {
    database.change(handle -> handle.execute("CREATE TABLE note (text TEXT NOT NULL) STRICT"));
  }

  private static int count(Database database) {
    return database.read(
        handle -> handle.createQuery("SELECT count(*) FROM note").mapTo(Integer.class).one());
  }

  @Test
  void keepsWhatWasWrittenAndCreatesItsDirectory() {
    Path file = directory.resolve("new/deep/tocsin.db");
    try (Database database = Database.open(file)) {
      prepare(database);
      database.change(handle -> handle.execute("INSERT INTO note VALUES ('a')"));
      try (Database reader = Database.openReadOnly(file)) {
        assertThat(count(reader)).isEqualTo(1);
        assertThatThrownBy(() -> prepare(reader)).isInstanceOf(IllegalStateException.class);
      }
    }
    try (Database database = Database.open(file)) {
      assertThat(count(database)).isEqualTo(1);
    }
  }

  @Test
  void syncsFullyInWriteAheadModeWithForeignKeys() {
    try (Database database = Database.open(directory.resolve("tocsin.db"))) {
      List<String> settings =
          database.write(
              handle -> {
                List<String> all = new ArrayList<>();
                for (String name : List.of("journal_mode", "synchronous", "foreign_keys")) {
                  all.add(handle.createQuery("PRAGMA " + name).mapTo(String.class).one());
                }
                return all;
              });
      assertThat(settings).containsExactly("wal", "2", "1");
    }
  }

  @Test
  void aFailingWriteUndoesOnlyItself() throws InterruptedException {
    try (Database database = Database.open(directory.resolve("tocsin.db"))) {
      prepare(database);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        boolean bad = i % 4 == 0;
        threads.add(
            Threads.start(
                "writer",
                () -> {
                  try {
                    database.change(
                        handle -> {
                          handle.execute("INSERT INTO note VALUES ('x')");
                          if (bad) {
                            throw new IllegalArgumentException("undo");
                          }
                        });
                  } catch (IllegalArgumentException e) {
                    assertThat(bad).isTrue();
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(count(database)).isEqualTo(150);
    }
  }

  @Test
  void refusesASecondNodeOnTheSameFile() {
    Path file = directory.resolve("tocsin.db");
    try (Database database = Database.open(file)) {
      assertThat(database).isNotNull();
      assertThatThrownBy(() -> Database.open(file)).hasMessageContaining("in use");
    }
  }

  @Test
  void refusesWorkInsideOfWorkAndAfterClosing() {
    Database database = Database.memory();
    prepare(database);
    assertThatThrownBy(() -> database.write(_ -> database.write(_ -> 1)))
        .hasMessageContaining("handle at hand");
    assertThat(count(database)).isZero();
    database.close();
    assertThatThrownBy(() -> prepare(database)).hasMessageContaining("closed");
  }

  @Test
  void memoriesAreApart() {
    try (Database one = Database.memory();
        Database two = Database.memory()) {
      prepare(one);
      prepare(two);
      one.change(handle -> handle.execute("INSERT INTO note VALUES ('a')"));
      assertThat(count(two)).isZero();
    }
  }
}
