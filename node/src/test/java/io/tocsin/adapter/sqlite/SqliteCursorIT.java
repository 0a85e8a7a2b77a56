package io.tocsin.adapter.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.ChainId;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Cursor;
import io.tocsin.crypto.Keccak;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteCursorIT {
  private static final ChainId CHAIN = ChainId.evm(1);

  @TempDir Path folder;

  private static BlockRef block(long number, String branch) {
    return new BlockRef(number, Keccak.hashUtf8(branch + number), Instant.ofEpochSecond(number));
  }

  @Test
  void remembersAcrossARestartAndPerChain() {
    Path file = folder.resolve("tocsin.db");
    try (Database database = Database.open(file)) {
      Cursor cursor = new SqliteCursor(database);
      cursor.advance(CHAIN, block(7, "a"));
      cursor.advance(CHAIN, block(8, "a"));
      cursor.advance(ChainId.evm(10), block(3, "b"));
    }
    try (Database database = Database.open(file)) {
      assertThat(new SqliteCursor(database).recent(CHAIN))
          .containsExactly(block(7, "a"), block(8, "a"));
    }
  }

  @Test
  void forgetsWhatWasReorganisedAwayAndWhatIsTooDeep() {
    try (Database database = Database.memory()) {
      Cursor cursor = new SqliteCursor(database);
      for (long number = 1; number <= Cursor.DEPTH + 5; number++) {
        cursor.advance(CHAIN, block(number, "a"));
      }
      assertThat(cursor.recent(CHAIN)).hasSize(Cursor.DEPTH).startsWith(block(6, "a"));
      cursor.advance(CHAIN, block(Cursor.DEPTH, "fork"));
      assertThat(cursor.recent(CHAIN))
          .endsWith(block(Cursor.DEPTH - 1, "a"), block(Cursor.DEPTH, "fork"));
    }
  }
}
