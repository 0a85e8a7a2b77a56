package io.tocsin.adapter.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.crypto.Keccak;
import io.tocsin.respond.GasBook;
import io.tocsin.respond.SentBook.Sent;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteSentBookIT {
  private static final AccountId SENDER =
      new AccountId(ChainId.evm(1), Address.hex("0x00000000000000000000000000000000000000a1"));

  @TempDir Path directory;

  private static Hash32 hash(String text) {
    return Keccak.hashUtf8(text);
  }

  @Test
  void keepsWhatWasSentAcrossRestartsInTheOrderOfNonces() {
    Path file = directory.resolve("tocsin.db");
    Sent later = new Sent(hash("b"), SENDER, 8, hash("tx b"));
    Sent earlier = new Sent(hash("a"), SENDER, 7, hash("tx a"));
    try (Database database = Database.open(file)) {
      SqliteSentBook book = new SqliteSentBook(database);
      book.record(later);
      book.record(earlier);
    }
    try (Database database = Database.open(file)) {
      SqliteSentBook book = new SqliteSentBook(database);
      assertThat(book.of(hash("a"))).contains(earlier);
      assertThat(book.from(SENDER, 7)).containsExactly(earlier, later);
      assertThat(book.from(SENDER, 8)).containsExactly(later);
      assertThat(book.from(new AccountId(ChainId.evm(10), SENDER.address()), 0)).isEmpty();
    }
  }

  @Test
  void keepsEveryHashUnderOneKeyAndForgetsOne() {
    try (Database database = Database.open(directory.resolve("tocsin.db"))) {
      SqliteSentBook book = new SqliteSentBook(database);
      Sent first = new Sent(hash("a"), SENDER, 7, hash("first"));
      Sent second = new Sent(hash("a"), SENDER, 7, hash("second"));
      book.record(first);
      book.record(second);
      assertThat(book.all(hash("a"))).containsExactly(first, second);
      assertThat(book.of(hash("a"))).contains(second);
      assertThat(book.from(SENDER, 0)).containsExactly(first, second);
      book.forget(second);
      assertThat(book.of(hash("a"))).contains(first);
      book.forget(first);
      assertThat(book.of(hash("a"))).isEmpty();
    }
  }

  @Test
  void keepsWhatWasSpentOnGasAcrossRestarts() {
    Path file = directory.resolve("tocsin.db");
    Instant at = Instant.ofEpochMilli(1_700_000_000_123L);
    GasBook.Cost bid = new GasBook.Cost(SENDER, 7, true, Wei.ether(2), false, at);
    GasBook.Cost paid = new GasBook.Cost(SENDER, 7, true, Wei.gwei(3), true, at);
    try (Database database = Database.open(file)) {
      SqliteGasBook book = new SqliteGasBook(database);
      book.put(bid);
      assertThat(book.since(SENDER, at)).containsExactly(bid);
      book.put(paid);
    }
    try (Database database = Database.open(file)) {
      SqliteGasBook book = new SqliteGasBook(database);
      assertThat(book.since(SENDER, at)).containsExactly(paid);
      assertThat(book.since(SENDER, at.plusMillis(1))).isEmpty();
      assertThat(book.since(new AccountId(ChainId.evm(10), SENDER.address()), at)).isEmpty();
    }
  }

  @Test
  void whatIsSpentCountsAtOnceAndIsOnTheDiskBeforeTheBid() throws Exception {
    Path file = directory.resolve("tocsin.db");
    Instant at = Instant.ofEpochMilli(1_700_000_000_123L);
    GasBook.Cost first = new GasBook.Cost(SENDER, 7, false, Wei.gwei(1), false, at);
    GasBook.Cost more = new GasBook.Cost(SENDER, 7, false, Wei.gwei(2), false, at.plusMillis(1));
    GasBook.Cost next = new GasBook.Cost(SENDER, 8, false, Wei.gwei(5), false, at);
    try (Database database = Database.open(file);
        Database reader = Database.openReadOnly(file)) {
      SqliteGasBook book = new SqliteGasBook(database);
      book.put(first);
      database.flush();
      try (SlowDisk _ = SlowDisk.of(database)) {
        book.put(next);
        book.put(more);
        assertThat(book.since(SENDER, at)).containsExactly(more, next);
        assertThat(book.since(SENDER, at.plusMillis(1))).containsExactly(more);
        assertThat(new SqliteGasBook(reader).since(SENDER, at)).containsExactly(first);
      }
      new SqliteSentBook(database).record(new Sent(hash("a"), SENDER, 8, hash("tx")));
      assertThat(new SqliteGasBook(reader).since(SENDER, at)).containsExactly(more, next);
      assertThat(book.since(SENDER, at)).containsExactly(more, next);
    }
  }
}
