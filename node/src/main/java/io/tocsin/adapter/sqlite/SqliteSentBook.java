package io.tocsin.adapter.sqlite;

import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.respond.SentBook;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

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
  public Optional<Sent> of(Hash32 key) {
    return select("WHERE key = ?", (Object) key.toArray()).stream().findFirst();
  }

  @Override
  public List<Sent> from(AccountId sender, long nonce) {
    return select("WHERE sender = ? AND nonce >= ? ORDER BY nonce", sender.toString(), nonce);
  }

  @Override
  public void forget(Hash32 key) {
    database.change(
        handle -> handle.execute("DELETE FROM sent WHERE key = ?", (Object) key.toArray()));
  }
}
