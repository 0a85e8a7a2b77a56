package io.tocsin.adapter.sqlite;

import io.tocsin.audit.RecordJson;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.respond.InterlockBook;
import io.tocsin.respond.InterlockState;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The interlock's state in the database. Thread-safe as the database is. */
public final class SqliteInterlockBook implements InterlockBook {
  private final Database database;

  /** The book in {@code database}. */
  public SqliteInterlockBook(Database database) {
    this.database = database;
  }

  /**
   * {@inheritDoc}
   *
   * @throws DatabaseFault if what is stored cannot be read: budgets would start anew
   */
  @Override
  public InterlockState load() {
    Optional<String> text =
        database.read(
            handle ->
                handle
                    .createQuery("SELECT state FROM interlock WHERE id = 1")
                    .mapTo(String.class)
                    .findOne());
    if (text.isEmpty()) {
      return InterlockState.EMPTY;
    }
    try {
      return RecordJson.PLAIN.read(
          InterlockState.class, Json.parse(text.get().getBytes(StandardCharsets.UTF_8)));
    } catch (MalformedException e) {
      throw DatabaseFault.content(
          database.file(),
          "this version cannot read the interlock's state, and without it every budget would start"
              + " anew; start the version that wrote it, or see docs/reliability.md, \"A damaged"
              + " database\"",
          e);
    }
  }

  @Override
  public void save(InterlockState state) {
    String text =
        new String(
            Json.write(RecordJson.PLAIN.write(InterlockState.class, state)),
            StandardCharsets.UTF_8);
    database.hand(
        handle ->
            handle
                .createUpdate("INSERT OR REPLACE INTO interlock (id, state) VALUES (1, :state)")
                .bind("state", text)
                .execute());
  }
}
