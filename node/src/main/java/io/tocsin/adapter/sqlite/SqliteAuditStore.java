package io.tocsin.adapter.sqlite;

import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditStore;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** The audit log in the table {@code audit_entry}. */
public final class SqliteAuditStore implements AuditStore {
  private static final String COLUMNS =
      "SELECT sequence, previous, digest, hash, salt, body FROM audit_entry ";

  private final Database database;

  /** In this database, whose owner closes it. */
  public SqliteAuditStore(Database database) {
    this.database = database;
  }

  private record Row(long sequence, List<byte @Nullable []> columns) {
    static Row of(ResultSet results) throws SQLException {
      List<byte @Nullable []> columns = new ArrayList<>();
      for (int i = 2; i <= 6; i++) {
        columns.add(results.getBytes(i));
      }
      return new Row(results.getLong(1), columns);
    }

    AuditEntry entry() throws MalformedException {
      byte @Nullable [] salt = columns.get(3);
      byte @Nullable [] body = columns.get(4);
      try {
        return new AuditEntry(
            sequence,
            hash(columns.get(0)),
            hash(columns.get(1)),
            hash(columns.get(2)),
            salt == null || body == null
                ? new AuditEntry.Content.Erased()
                : new AuditEntry.Content.Kept(Bytes.of(salt), Bytes.of(body)));
      } catch (IllegalArgumentException e) {
        throw new MalformedException("entry " + sequence + ": " + e.getMessage(), e);
      }
    }

    private static Hash32 hash(byte @Nullable [] column) {
      if (column == null) {
        throw new IllegalArgumentException("a hash is missing");
      }
      return Hash32.of(column);
    }
  }

  @Override
  public void append(AuditEntry entry, Runnable kept) {
    if (!(entry.content() instanceof AuditEntry.Content.Kept body)) {
      throw new IllegalArgumentException("entry " + entry.sequence() + " has no body");
    }
    database.hand(
        handle ->
            handle.execute(
                "INSERT INTO audit_entry (sequence, previous, digest, hash, salt, body)"
                    + " VALUES (?, ?, ?, ?, ?, ?)",
                entry.sequence(),
                entry.previous().toArray(),
                entry.digest().toArray(),
                entry.hash().toArray(),
                body.salt().toArray(),
                body.body().toArray()),
        kept);
  }

  @Override
  public void flush() {
    database.flush();
  }

  @Override
  public void erase(List<Long> sequences) {
    database.change(
        handle -> {
          var batch =
              handle.prepareBatch(
                  "UPDATE audit_entry SET salt = NULL, body = NULL WHERE sequence = ?");
          sequences.forEach(sequence -> batch.bind(0, sequence).add());
          batch.execute();
        });
  }

  @Override
  public Optional<AuditEntry> last() throws MalformedException {
    return entries(COLUMNS + "ORDER BY sequence DESC LIMIT 1").stream().findFirst();
  }

  @Override
  public List<AuditEntry> read(long sequence, int limit) throws MalformedException {
    return entries(COLUMNS + "WHERE sequence >= ? ORDER BY sequence LIMIT ?", sequence, limit);
  }

  private List<AuditEntry> entries(String query, Object... arguments) throws MalformedException {
    List<Row> rows;
    try {
      rows =
          database.read(
              handle ->
                  handle.select(query, arguments).map((results, _) -> Row.of(results)).list());
    } catch (JdbiException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new MalformedException("the database cannot be read: " + cause.getMessage(), e);
    }
    List<AuditEntry> entries = new ArrayList<>();
    for (Row row : rows) {
      entries.add(row.entry());
    }
    return entries;
  }
}
