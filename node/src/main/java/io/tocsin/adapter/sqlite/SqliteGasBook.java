package io.tocsin.adapter.sqlite;

import io.tocsin.base.AccountId;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.respond.GasBook;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What responders spent on gas, in the table {@code gas}; what is on its way to the disk is kept in
 * memory as well.
 */
public final class SqliteGasBook implements GasBook {
  private final Database database;
  private final Map<Place, Cost> underway = new ConcurrentHashMap<>();

  private record Place(AccountId payer, long nonce) {
    static Place of(Cost cost) {
      return new Place(cost.payer(), cost.nonce());
    }
  }

  /** In this database, whose owner closes it. */
  public SqliteGasBook(Database database) {
    this.database = database;
  }

  @Override
  public void put(Cost cost) {
    underway.put(Place.of(cost), cost);
    database.hand(
        handle ->
            handle.execute(
                "INSERT OR REPLACE INTO gas (payer, nonce, pending, amount, paid, at)"
                    + " VALUES (?, ?, ?, ?, ?, ?)",
                cost.payer().toString(),
                cost.nonce(),
                cost.pending(),
                cost.amount().amount().toString(),
                cost.paid(),
                cost.at().toEpochMilli()),
        () -> underway.remove(Place.of(cost), cost));
  }

  @Override
  public List<Cost> since(AccountId payer, Instant from) {
    Map<Place, Cost> waiting = Map.copyOf(underway); // first: what leaves it is in the table
    List<Cost> written =
        database.read(
            handle ->
                handle
                    .select(
                        "SELECT payer, nonce, pending, amount, paid, at FROM gas"
                            + " WHERE payer = ? AND at >= ?",
                        payer.toString(),
                        from.toEpochMilli())
                    .map((row, _) -> cost(row))
                    .list());
    Map<Place, Cost> all = new HashMap<>();
    written.forEach(cost -> all.put(Place.of(cost), cost));
    all.putAll(waiting);
    return all.values().stream()
        .filter(cost -> cost.payer().equals(payer) && !cost.at().isBefore(from))
        .sorted(Comparator.comparingLong(Cost::nonce))
        .toList();
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
