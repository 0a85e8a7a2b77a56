package io.tocsin.adapter.sqlite;

import io.tocsin.base.AccountId;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.respond.GasBook;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** What responders spent on gas, in the table {@code gas}. */
public final class SqliteGasBook implements GasBook {
  private final Database database;

  /** In this database, whose owner closes it. */
  public SqliteGasBook(Database database) {
    this.database = database;
  }

  @Override
  public void put(Cost cost) {
    database.change(
        handle ->
            handle.execute(
                "INSERT OR REPLACE INTO gas (payer, nonce, pending, amount, paid, at)"
                    + " VALUES (?, ?, ?, ?, ?, ?)",
                cost.payer().toString(),
                cost.nonce(),
                cost.pending(),
                cost.amount().amount().toString(),
                cost.paid(),
                cost.at().toEpochMilli()));
  }

  @Override
  public List<Cost> since(AccountId payer, Instant from) {
    return database.read(
        handle ->
            handle
                .select(
                    "SELECT payer, nonce, pending, amount, paid, at FROM gas"
                        + " WHERE payer = ? AND at >= ? ORDER BY nonce",
                    payer.toString(),
                    from.toEpochMilli())
                .map((row, _) -> cost(row))
                .list());
  }

  private static Cost cost(ResultSet row) throws SQLException {
    try {
      return new Cost(
          AccountId.parse(row.getString(1)),
          row.getLong(2),
          row.getBoolean(3),
          new Wei(new BigInteger(row.getString(4))),
          row.getBoolean(5),
          Instant.ofEpochMilli(row.getLong(6)));
    } catch (MalformedException e) {
      throw new IllegalStateException("table gas: " + e.getMessage(), e);
    }
  }
}
