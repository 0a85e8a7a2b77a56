package io.tocsin.adapter.sqlite;

import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.respond.SentBook;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The responders' transactions in the table {@code sent}. */
public final class SqliteSentBook implements SentBook {
  private static final String COLUMNS = "SELECT key, sender, nonce, tx FROM sent ";

  private final Database database;

  /** In this database, whose owner closes it. */
  public SqliteSentBook(Database database) {
    this.database = database;
  }

  private static Sent sent(ResultSet row) throws SQLException {
    try {
      return new Sent(
          Hash32.of(row.getBytes(1)),
          AccountId.parse(row.getString(2)),
          row.getLong(3),
          Hash32.of(row.getBytes(4)));
    } catch (MalformedException e) {
      throw new IllegalStateException("table sent: " + e.getMessage(), e);
    }
  }

  private List<Sent> select(String condition, Object... arguments) {
    return database.read(
        handle -> handle.select(COLUMNS + condition, arguments).map((row, _) -> sent(row)).list());
  }

  @Override
  public void record(Sent sent) {
    database.change(
        handle ->
            handle.execute(
                "INSERT OR REPLACE INTO sent (key, sender, nonce, tx) VALUES (?, ?, ?, ?)",
                sent.key().toArray(),
                sent.sender().toString(),
                sent.nonce(),
                sent.tx().toArray()));
  }

  @Override
  public List<Sent> all(Hash32 key) {
    return select("WHERE key = ? ORDER BY id", (Object) key.toArray());
  }

  @Override
  public List<Sent> from(AccountId sender, long nonce) {
    return select("WHERE sender = ? AND nonce >= ? ORDER BY nonce, id", sender.toString(), nonce);
  }

  @Override
  public void forget(Sent sent) {
    database.change(
        handle ->
            handle.execute(
                "DELETE FROM sent WHERE key = ? AND tx = ?",
                sent.key().toArray(),
                sent.tx().toArray()));
  }
}
