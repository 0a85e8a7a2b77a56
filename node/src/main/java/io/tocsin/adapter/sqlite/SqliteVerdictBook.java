package io.tocsin.adapter.sqlite;

import io.tocsin.base.Hash32;
import io.tocsin.quorum.Verdict;
import io.tocsin.quorum.VerdictBook;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** This member's verdicts in the table {@code verdict}. */
public final class SqliteVerdictBook implements VerdictBook {
  private final Database database;

  /** In this database, whose owner closes it. */
  public SqliteVerdictBook(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Verdict> verdict(Hash32 claimId) {
    return database.read(handle -> standing(handle, claimId));
  }

  private static Optional<Verdict> standing(Handle handle, Hash32 claimId) {
    return handle
        .createQuery("SELECT verdict FROM verdict WHERE claim = ?")
        .bind(0, claimId.toArray())
        .mapTo(Integer.class)
        .findOne()
        .flatMap(Verdict::ofCode);
  }

  @Override
  public Verdict record(Hash32 claimId, Verdict verdict) {
    return database.write(
        handle -> {
          handle
              .createUpdate("INSERT OR IGNORE INTO verdict (claim, verdict) VALUES (?, ?)")
              .bind(0, claimId.toArray())
              .bind(1, verdict.code())
              .execute();
          return standing(handle, claimId).orElseThrow();
        });
  }
}
