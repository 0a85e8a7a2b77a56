package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.app.ExitCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real node process whose disk has no room, whose log was damaged, whose clock jumps; in one
 * town, which every test leaves with the node running and no attack open.
 */
final class HardTimesIT {
  @TempDir private static Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before every test
  private static CrashLife life;

  @BeforeAll
  static void build() throws Exception {
    life = new CrashLife(folder.resolve("town"));
  }

  @BeforeEach
  void settle() throws Exception {
    life.settle();
  }

  @AfterAll
  static void leave() {
    life.close();
  }

  private static void defended() throws Exception {
    assertThat(life.finished("an attack")).isTrue();
    life.makeGood();
  }

  @Test
  void stopsWhenNothingMoreFitsOnTheDiskAndGoesOnWhenItDoes() throws Exception {
    Process limit =
        new ProcessBuilder("prlimit", "--pid", Long.toString(life.node().pid()), "--fsize=4096")
            .inheritIO()
            .start();
    assertThat(limit.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(limit.exitValue()).isZero();
    life.attack();
    assertThat(life.node().status(CrashLife.PATIENCE)).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(life.node().said())
        .contains("tocsin.db cannot be used")
        .contains("make room, look at the disk and its limits, and start the node again")
        .contains("its next start takes up what it had begun");
    life.comeBack("a full disk", ExitCode.ENVIRONMENT, "");
    defended();
  }

  @Test
  void refusesALogWhoseEndWasDamagedAndGoesOnWhenItIsMended() throws Exception {
    life.node().kill();
    damage();
    life.comeBackUnchecked("");
    assertThat(life.node().status(CrashLife.PATIENCE)).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(life.node().said())
        .contains("tocsin.db")
        .contains("its end does not hold: entry ")
        .contains("A damaged database");
    damage();
    life.comeBack("a damaged log", ExitCode.ENVIRONMENT, "");
    life.said("serves /healthz");
    life.attack();
    defended();
  }

  /** Exchanges the hashes of the last entry; done twice, nothing has happened. */
  private static void damage() throws SQLException {
    Path file = life.town().victim().home().resolve("data").resolve("tocsin.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      int changed =
          statement.executeUpdate(
              "UPDATE audit_entry SET hash = previous, previous = hash"
                  + " WHERE sequence = (SELECT max(sequence) FROM audit_entry)");
      assertThat(changed).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3600, s ahead, is older than the mandate allows",
    "-3600, s behind, lies in the future"
  })
  void saysThatItsClockIsWrongAndActsWhenItIsRight(int seconds, String says, String why)
      throws Exception {
    life.order("clock " + seconds);
    life.said(says);
    life.attack();
    life.said(why);
    assertThat(life.calls()).as("nothing is done by a clock that is wrong").isEmpty();
    life.order("clock 0");
    life.said("it agrees with the blocks again");
    life.town().makeGood();
    life.attack();
    defended();
  }

  @ParameterizedTest
  @CsvSource({"3600, s ahead", "-3600, s behind"})
  void losesNothingWhenItsClockWasSetWhileItWasAway(int seconds, String says) throws Exception {
    life.order("arm " + FaultPoint.STAGE_DETECTED);
    life.attack();
    life.comeBack("a crash", FaultAgent.KILLED, "clock " + seconds);
    life.said(says);
    assertThat(life.calls()).isEmpty();
    life.node().kill();
    life.comeBack("another clock", FaultAgent.KILLED, "");
    defended();
  }
}
