package io.tocsin.adapter.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Threads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
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

  private static void note(Database database, String text) {
    database.hand(handle -> handle.execute("INSERT INTO note VALUES (?)", text));
  }

  @Test
  void whoWaitsForOneWriteWaitsForAllThatWasHandedOverBefore() throws Exception {
    Path file = directory.resolve("tocsin.db");
    try (Database database = Database.open(file);
        Database reader = Database.openReadOnly(file)) {
      prepare(database);
      for (int i = 1; i <= 300; i++) {
        note(database, "handed");
        if (i % 100 == 0) {
          database.change(handle -> handle.execute("INSERT INTO note VALUES ('waited for')"));
          assertThat(count(reader)).isEqualTo(i + i / 100);
        }
      }
      note(database, "last");
      database.flush();
      assertThat(count(reader)).isEqualTo(304);
    }
  }

  @Test
  void whatNobodyWaitsForIsWrittenSoonAllTheSame() throws Exception {
    Path file = directory.resolve("tocsin.db");
    try (Database database = Database.open(file);
        Database reader = Database.openReadOnly(file)) {
      prepare(database);
      note(database, "handed");
      for (int i = 0; i < 6_000 && count(reader) == 0; i++) {
        Thread.sleep(10);
      }
      assertThat(count(reader)).isEqualTo(1);
    }
  }

  @Test
  void writesNothingBehindAHandedChangeThatIsLost() {
    Path file = directory.resolve("tocsin.db");
    try (Database database = Database.open(file)) {
      prepare(database);
      note(database, "kept");
      database.flush();
      database.hand(
          _ -> {
            throw new IllegalArgumentException("no such thing");
          });
      assertThatThrownBy(
              () -> database.change(handle -> handle.execute("INSERT INTO note VALUES ('x')")))
          .isInstanceOf(RuntimeException.class);
      assertThatThrownBy(database::flush).hasMessageContaining("lost what it was given");
      assertThatThrownBy(() -> note(database, "later")).hasMessageContaining("no such thing");
      assertThat(database.broken().join()).hasMessageContaining(file.toString());
      assertThat(count(database)).isEqualTo(1);
    }
  }

  @Test
  void everyoneWhoWaitsBehindALostChangeIsToldAndNobodyElseIsSatisfied() throws Exception {
    try (Database database = Database.open(directory.resolve("tocsin.db"))) {
      prepare(database);
      CountDownLatch disk = new CountDownLatch(1);
      Queue<String> told = new ConcurrentLinkedQueue<>();
      database.hand(
          _ -> {
            await(disk);
            throw new IllegalArgumentException("no such thing");
          },
          () -> told.add("kept"));
      List<Thread> waiting = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        boolean flushes = i % 2 == 0;
        database.hand(
            handle -> handle.execute("INSERT INTO note VALUES ('behind')"), () -> told.add("kept"));
        waiting.add(
            Threads.start(
                "waiting",
                () -> {
                  try {
                    if (flushes) {
                      database.flush();
                    } else {
                      database.change(handle -> handle.execute("INSERT INTO note VALUES ('x')"));
                    }
                    told.add("satisfied");
                  } catch (RuntimeException e) {
                    told.add("failed");
                  }
                }));
      }
      disk.countDown();
      for (Thread thread : waiting) {
        thread.join();
      }
      assertThat(told).hasSize(20).containsOnly("failed");
      assertThat(database.broken()).isDone();
      assertThat(count(database)).isZero();
    }
  }

  @Test
  void readsWhatStoodBeforeWhileAWriteIsUnderWay() throws InterruptedException {
    try (Database database = Database.open(directory.resolve("tocsin.db"))) {
      prepare(database);
      CountDownLatch written = new CountDownLatch(1);
      CountDownLatch read = new CountDownLatch(1);
      Thread writer =
          Threads.start(
              "writer",
              () ->
                  database.change(
                      handle -> {
                        handle.execute("INSERT INTO note VALUES ('x')");
                        written.countDown();
                        await(read);
                      }));
      written.await();
      assertThat(count(database)).isZero();
      read.countDown();
      writer.join();
      assertThat(count(database)).isEqualTo(1);
    }
  }

  @Test
  void oneStatementServesManyTimesAndWithinItself() {
    try (Database database = Database.open(directory.resolve("tocsin.db"))) {
      prepare(database);
      String insert = "INSERT INTO note VALUES (?)";
      database.change(handle -> handle.execute(insert, "a"));
      assertThatThrownBy(
              () -> database.change(handle -> handle.execute(insert, new Object[] {null})))
          .isInstanceOf(RuntimeException.class);
      database.change(handle -> handle.execute(insert, "b"));
      String query = "SELECT text FROM note WHERE text <> ? ORDER BY text";
      List<String> pairs =
          database.read(
              handle ->
                  handle
                      .createQuery(query)
                      .bind(0, "")
                      .map(
                          (row, _) ->
                              row.getString(1)
                                  + handle
                                      .createQuery(query)
                                      .bind(0, row.getString(1))
                                      .mapTo(String.class)
                                      .list())
                      .list());
      assertThat(pairs).containsExactly("a[b]", "b[a]");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void keepsTheOrderInWhichItWasGivenWork() {
    try (Database database = Database.open(directory.resolve("tocsin.db"))) {
      prepare(database);
      Queue<Integer> told = new ConcurrentLinkedQueue<>();
      List<String> given = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        int number = i;
        String text = "note " + i;
        given.add(text);
        if (i % 97 == 0) {
          database.change(handle -> handle.execute("INSERT INTO note VALUES (?)", text));
          told.add(number);
        } else {
          database.hand(
              handle -> handle.execute("INSERT INTO note VALUES (?)", text),
              () -> told.add(number));
        }
      }
      database.flush();
      List<String> written =
          database.read(
              handle ->
                  handle
                      .createQuery("SELECT text FROM note ORDER BY rowid")
                      .mapTo(String.class)
                      .list());
      assertThat(written).isEqualTo(given);
      assertThat(List.copyOf(told)).hasSize(1_000).isSorted();
    }
  }

  @Test
  void anInterruptLosesNothingThatWasHandedOver() throws Exception {
    try (Database database = Database.open(directory.resolve("tocsin.db"))) {
      prepare(database);
      Thread interrupted =
          Threads.start(
              "interrupted",
              () -> {
                Thread.currentThread().interrupt();
                note(database, "handed");
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
              });
      interrupted.join();
      database.flush();
      assertThat(count(database)).isEqualTo(1);
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
