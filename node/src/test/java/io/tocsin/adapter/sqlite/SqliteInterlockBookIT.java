package io.tocsin.adapter.sqlite;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.action;
import static io.tocsin.policy.PolicySamples.certified;
import static io.tocsin.policy.PolicySamples.mined;
import static io.tocsin.policy.PolicySamples.protection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.policy.Action;
import io.tocsin.respond.Gate;
import io.tocsin.respond.Interlock;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.Ruling;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteInterlockBookIT {
  @TempDir Path folder;

  @Test
  void budgetsOutliveARestart() {
    Path file = folder.resolve("tocsin.db");
    Action action = action(protection(), certified(mined(BIRCH)));
    InterlockState before;
    try (Database database = Database.open(file)) {
      Gate gate = new Gate(new SqliteInterlockBook(database));
      assertThat(gate.rule(action, NOW)).isInstanceOf(Ruling.Granted.class);
      gate.hold(Interlock.slotOf(action), NOW, "a human said so");
      before = gate.state();
    }
    try (Database database = Database.open(file)) {
      Gate gate = new Gate(new SqliteInterlockBook(database));
      assertThat(gate.state()).isEqualTo(before);
      assertThat(gate.rule(action, NOW)).isInstanceOf(Ruling.Held.class);
    }
  }

  @Test
  void startsEmptyButNeverOverWhatItCannotRead() {
    try (Database database = Database.memory()) {
      SqliteInterlockBook book = new SqliteInterlockBook(database);
      assertThat(book.load()).isEqualTo(InterlockState.EMPTY);
      database.change(
          handle -> handle.execute("INSERT INTO interlock (id, state) VALUES (1, '{}')"));
      assertThatThrownBy(book::load)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("every budget would start anew");
    }
  }
}
