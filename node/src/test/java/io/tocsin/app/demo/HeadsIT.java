package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.app.ExitCode;
import io.tocsin.app.Main;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.HeadNotice;
import io.tocsin.audit.Step;
import io.tocsin.audit.Verification;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Keccak;
import io.tocsin.gossip.EnvelopeStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A node that acted and told its members so cannot change its past: over the real mesh, with the
 * command that an auditor runs. Ordered, since the last test spoils the node.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HeadsIT {
  @TempDir private static Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before every test
  private static CrashLife life;

  /** A node that acted, is witnessed, and has been killed. */
  @BeforeAll
  static void act() throws Exception {
    life = new CrashLife(folder.resolve("town"));
    life.attack();
    assertThat(life.finished("an attack")).isTrue();
    long effect = acted(data(life.town().victim()));
    long end = System.nanoTime() + CrashLife.PATIENCE.toNanos();
    while (witnessed() < effect) {
      assertThat(System.nanoTime()).as("no peer has its head").isLessThan(end);
      Thread.sleep(100);
    }
    life.node().kill();
  }

  @AfterAll
  static void leave() {
    life.close();
  }

  private static Path data(Resident resident) {
    return resident.home().resolve("data");
  }

  private static Address self() {
    return life.town().victim().parts().attest().orElseThrow().address();
  }

  private static Resident peer() {
    return life.town().peers().getFirst();
  }

  /** The entry that says what came of the node's action. */
  private static long acted(Path data) {
    List<Long> acted = new ArrayList<>();
    try (Database database = Database.openReadOnly(data.resolve("tocsin.db"))) {
      var _ =
          Verification.of(
              new SqliteAuditStore(database),
              List.of(),
              (sequence, timed) -> {
                if (timed.step() instanceof Step.Acted) {
                  acted.add(sequence);
                }
              });
    }
    return acted.getLast();
  }

  /** The last entry that a peer has the node's word for. */
  private static long witnessed() throws MalformedException {
    long last = 0;
    try (Database database = Database.openReadOnly(data(peer()).resolve("tocsin.db"))) {
      for (EnvelopeStore.Entry entry :
          new SqliteEnvelopeStore(database).kept(HeadNotice.TOPIC.name())) {
        Envelope envelope = entry.envelope();
        Verification.Head head = HeadNotice.decode(envelope.payload()).heads().get(self());
        if (head != null && envelope.author().equals(self())) {
          last = head.sequence();
        }
      }
    }
    return last;
  }

  /** A copy of the node's data, from which every word about heads was removed. */
  private static Path copy(String name) throws IOException, SQLException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> files = Files.list(data(life.town().victim()))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    change(copy, "DELETE FROM envelope WHERE topic = 'audit-head'");
    return copy;
  }

  private static void change(Path data, String statement) throws SQLException {
    try (Connection connection = connect(data);
        Statement change = connection.createStatement()) {
      assertThat(change.executeUpdate(statement)).isPositive();
    }
  }

  private static Connection connect(Path data) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("tocsin.db"));
  }

  /** Moves the first entry to another year, and makes the chain of hashes hold again. */
  private static void rewrite(Path data) throws SQLException {
    try (Connection connection = connect(data);
        Statement all = connection.createStatement();
        PreparedStatement change =
            connection.prepareStatement(
                "UPDATE audit_entry SET previous = ?, digest = ?, hash = ?, body = ?"
                    + " WHERE sequence = ?")) {
      connection.setAutoCommit(false);
      Hash32 before = Hash32.ZERO;
      ResultSet rows =
          all.executeQuery("SELECT sequence, salt, body FROM audit_entry ORDER BY sequence");
      while (rows.next()) {
        long sequence = rows.getLong(1);
        String body = new String(rows.getBytes(3), StandardCharsets.UTF_8);
        if (sequence == 1) {
          body = body.replaceFirst("\"at\":\"20..-", "\"at\":\"2020-");
        }
        Hash32 digest = Keccak.hash(Bytes.of(rows.getBytes(2)), Bytes.utf8(body));
        byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
        Hash32 hash = Keccak.hash(before.bytes(), Bytes.of(number), digest.bytes());
        change.setBytes(1, before.toArray());
        change.setBytes(2, digest.toArray());
        change.setBytes(3, hash.toArray());
        change.setBytes(4, body.getBytes(StandardCharsets.UTF_8));
        change.setLong(5, sequence);
        change.addBatch();
        before = hash;
      }
      change.executeBatch();
      connection.commit();
    }
  }

  private static int audit(Path data, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("audit", "--data", data.toString(), "--json", data + "/audit.json"));
    command.addAll(List.of(more));
    return Main.commandLine().execute(command.toArray(String[]::new));
  }

  private static JsonNode fault(Path data) throws IOException, MalformedException {
    return Json.parse(Files.readAllBytes(data.resolve("audit.json"))).path("faults").path(0);
  }

  @Test
  @Order(1)
  void aLogThatWasRewrittenWholeIsFoundByWhatAPeerKeeps() throws Exception {
    Path copy = copy("rewritten");
    rewrite(copy);
    assertThat(audit(copy)).as("the chain itself holds").isEqualTo(ExitCode.DONE);
    assertThat(audit(copy, "--witness", data(peer()).toString())).isEqualTo(ExitCode.NEGATIVE);
    assertThat(fault(copy).path("detail").asString()).contains("the hash is not the one noted by");
  }

  @Test
  @Order(2)
  void aLogThatWasCutOffIsFoundByAFileThatAPeerWrote() throws Exception {
    Path heads = folder.resolve("heads.json");
    assertThat(audit(data(peer()), "--heads", heads.toString())).isEqualTo(ExitCode.DONE);
    Path copy = copy("cut-off");
    change(copy, "DELETE FROM audit_entry WHERE sequence > 3");
    assertThat(audit(copy)).as("the chain itself holds").isEqualTo(ExitCode.DONE);
    String roster = life.town().victim().home().resolveSibling("federation.json").toString();
    assertThat(audit(copy, "--witness", heads.toString(), "--roster", roster))
        .isEqualTo(ExitCode.NEGATIVE);
    assertThat(fault(copy).path("detail").asString())
        .contains("the log ends at entry 3, but this entry was noted by");
  }

  @Test
  @Order(3)
  void theTruthIsWitnessedByAllPeersAndByItsOwnWord() throws Exception {
    Path data = data(life.town().victim());
    List<String> peers = new ArrayList<>();
    for (Resident peer : life.town().peers()) {
      peers.add("--witness");
      peers.add(data(peer).toString());
    }
    assertThat(audit(data, peers.toArray(String[]::new))).isEqualTo(ExitCode.DONE);
    JsonNode said = Json.parse(Files.readAllBytes(data.resolve("audit.json")));
    assertThat(said.path("signedHeads").asInt()).isPositive();
  }

  @Test
  @Order(4)
  void refusesWhatIsNoWitness() throws Exception {
    Path data = data(life.town().victim());
    Path rubbish = Files.writeString(folder.resolve("rubbish.json"), "{\"format\":\"else\"}");
    assertThat(audit(data, "--witness", rubbish.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(audit(data, "--witness", folder + "/none")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  @Order(5)
  void peersSaySoWhenANodeComesBackWithAShorterLog() throws Exception {
    Path data = data(life.town().victim());
    change(data, "DELETE FROM audit_entry WHERE sequence > 3");
    life.comeBackUnchecked("");
    life.said("serves /healthz");
    long end = System.nanoTime() + CrashLife.PATIENCE.toNanos();
    while (!alarmed(peer())) {
      assertThat(System.nanoTime()).as("the peer says nothing").isLessThan(end);
      Thread.sleep(100);
    }
  }

  private static boolean alarmed(Resident peer) {
    List<String> told = new ArrayList<>();
    try (Database database = Database.openReadOnly(data(peer).resolve("tocsin.db"))) {
      var _ =
          Verification.of(
              new SqliteAuditStore(database), List.of(), (_, timed) -> told.addAll(words(timed)));
    }
    return told.stream().anyMatch(word -> word.startsWith("its audit log ended at entry"));
  }

  private static List<String> words(AuditLog.Timed timed) {
    return timed.step() instanceof Step.Trouble(String where, String kind, String detail)
            && kind.equals("REWRITTEN")
            && where.equals("member " + self())
        ? List.of(detail)
        : List.of();
  }
}
