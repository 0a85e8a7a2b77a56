package io.tocsin.adapter.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.respond.InterlockState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases of every schema from the first on, with rows in them, brought to the newest. */
final class MigrationIT {
  private static final String ZEROS = "zeroblob(32)";
  private static final String AUTHOR = "X'" + "b1".repeat(20) + "'";
  private static final Hash32 LEVER = Hash32.hex("0x" + "1e".repeat(32));
  private static final Hash32 PROBE = Hash32.hex("0x" + "2e".repeat(32));

  /** What a node of each version could have written that none before could. */
  private static final List<Version> VERSIONS =
      List.of(
          new Version(
              "1",
              "INSERT INTO envelope (author, sequence, topic, wire, received) VALUES ("
                  + AUTHOR
                  + ", 1, 'report/1', X'01', 5)",
              "INSERT INTO delivery VALUES (" + AUTHOR + ", 1)",
              "INSERT INTO envelope_conflict VALUES (" + AUTHOR + ", 1, X'01', X'02', 5)"),
          new Version(
              "10",
              "INSERT INTO verdict VALUES (" + ZEROS + ", 1)",
              "INSERT INTO equivocation (member, claim, proof) VALUES ("
                  + AUTHOR
                  + ", "
                  + ZEROS
                  + ", X'03')"),
          new Version(
              "20", "INSERT INTO processed_block VALUES ('eip155:1', 7, '" + LEVER + "', 9)"),
          new Version("30", "INSERT INTO interlock VALUES (1, '" + state(trip("")) + "')"),
          new Version(
              "40",
              "INSERT INTO audit_entry VALUES (1, "
                  + String.join(", ", ZEROS, ZEROS, ZEROS, ZEROS, "X'7b7d'")
                  + ")"),
          new Version(
              "41", "INSERT INTO sent VALUES (" + ZEROS + ", 'eip155:1:0xb1', 4, " + ZEROS + ")"),
          new Version(
              "42",
              "INSERT INTO envelope (author, sequence, topic, wire, received, subject) VALUES ("
                  + AUTHOR
                  + ", 2, 'report/1', X'02', 6, "
                  + ZEROS
                  + ")"),
          new Version(
              "43",
              "INSERT INTO sent (key, sender, nonce, tx) VALUES ("
                  + ZEROS
                  + ", 'eip155:1:0xb1', 4, X'"
                  + "5e".repeat(32)
                  + "')"),
          new Version("44"),
          new Version(
              "45", "INSERT INTO gas VALUES ('eip155:1:0xb1', 4, 0, '21000000000000', 1, 7)"));

  @TempDir Path directory;

  private record Version(String number, List<String> rows) {
    Version(String number, String... rows) {
      this(number, List.of(rows));
    }
  }

  private static String trip(String probe) {
    return """
    {"permit":"%1$s","slot":{"guardian":"eip155:1:0x%2$s","mandate":"%1$s","budgetClass":"DIRECT"},\
    "pulled":{"target":"eip155:1:0x%2$s","lever":"%1$s"%3$s},\
    "span":{"from":"2026-01-01T00:00:00Z","to":"2026-01-01T06:00:00Z"},\
    "cause":{"chain":"eip155:1","tx":"%1$s","mined":true}}\
    """
        .formatted(LEVER, "c1".repeat(20), probe);
  }

  private static String state(String trips) {
    return """
    {"trips":[%s],"uses":{"%s":2},"spent":["%s"],"holds":[],"approved":[]}\
    """
        .formatted(trips, LEVER, LEVER);
  }

  private Path file(String name) {
    return directory.resolve(name + ".db");
  }

  private static void run(Path file, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  /** A database as a node of version {@code last} left it that had run since the first. */
  private Path grown(String last) throws SQLException {
    Path file = file("grown-" + last);
    for (Version version : VERSIONS) {
      Flyway.configure(MigrationIT.class.getClassLoader())
          .dataSource("jdbc:sqlite:" + file, "", "")
          .locations("classpath:db/migration")
          .target(version.number())
          .load()
          .migrate();
      run(file, version.rows().toArray(String[]::new));
      if (version.number().equals(last)) {
        break;
      }
    }
    return file;
  }

  private static String table(String row) {
    return row.replaceAll("INSERT INTO (\\w+).*", "$1");
  }

  private static long rows(Database database, String table) {
    return database.read(
        handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  @Test
  void knowsEveryMigrationThereIs() throws IOException {
    Path folder = Path.of("src/main/resources/db/migration");
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString().replaceAll("V(\\d+)__.*", "$1")))
          .as("a new migration needs a version here, with rows that only it can hold")
          .containsExactlyInAnyOrderElementsOf(VERSIONS.stream().map(Version::number).toList());
    }
  }

  @Test
  void keepsEveryRowFromEveryVersionOn() throws Exception {
    for (Version last : VERSIONS) {
      Path file = grown(last.number());
      int until = VERSIONS.indexOf(last);
      try (Database database = Database.open(file)) {
        for (Version version : VERSIONS.subList(0, until + 1)) {
          for (String row : version.rows()) {
            String table = table(row);
            long written =
                VERSIONS.subList(0, until + 1).stream()
                    .flatMap(v -> v.rows().stream())
                    .filter(r -> table(r).equals(table))
                    .count();
            assertThat(rows(database, table)).as("%s from %s", table, last).isEqualTo(written);
          }
        }
        if (until >= 3) {
          InterlockState state = new SqliteInterlockBook(database).load();
          assertThat(state.uses()).containsEntry(LEVER, 2);
          assertThat(state.spent()).containsExactly(LEVER);
          assertThat(state.trips())
              .singleElement()
              .extracting(InterlockState.Trip::pulled)
              .isEqualTo(
                  new InterlockState.Pulled(
                      new AccountId(
                          ChainId.evm(1), state.trips().getFirst().slot().guardian().address()),
                      LEVER,
                      LEVER));
        }
      }
    }
  }

  @Test
  void givesOldTripsAProbeAndLeavesNewOnesAndTheirOrder() throws Exception {
    Path file = grown("20");
    String newer = trip(",\"probe\":\"" + PROBE + "\"");
    Flyway.configure(MigrationIT.class.getClassLoader())
        .dataSource("jdbc:sqlite:" + file, "", "")
        .target("30")
        .load()
        .migrate();
    run(file, "INSERT INTO interlock VALUES (1, '" + state(trip("") + "," + newer) + "')");
    try (Database database = Database.open(file)) {
      assertThat(new SqliteInterlockBook(database).load().trips())
          .extracting(trip -> trip.pulled().probe())
          .containsExactly(LEVER, PROBE);
    }
  }

  @Test
  void saysWhatToDoWithAStateThatItCannotRead() throws Exception {
    Path file = grown("44");
    run(file, "UPDATE interlock SET state = '{\"trips\":[{}]}'");
    try (Database database = Database.open(file)) {
      SqliteInterlockBook book = new SqliteInterlockBook(database);
      assertThatThrownBy(book::load)
          .isInstanceOf(DatabaseFault.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("start the version that wrote it")
          .hasMessageContaining("docs/reliability.md");
    }
    run(file, "UPDATE interlock SET state = 'not JSON at all'");
    try (Database database = Database.open(file)) {
      assertThatThrownBy(new SqliteInterlockBook(database)::load).isInstanceOf(DatabaseFault.class);
    }
  }
}
