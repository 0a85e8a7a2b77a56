package io.tocsin.adapter.sqlite;

import io.tocsin.base.Hash32;
import io.tocsin.quorum.Verdict;
import io.tocsin.quorum.VerdictBook;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** This member's verdicts in the table {@code verdict}, the last ones in memory as well. */
public final class SqliteVerdictBook implements VerdictBook {
  /** More than can wait for the disk. */
  private static final int REMEMBERED = 8_192;

  private final Database database;
  private final Map<Hash32, Verdict> latest =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash32, Verdict> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** In this database, whose owner closes it. */
  public SqliteVerdictBook(Database database) {
    this.database = database;
  }

  @Override
  public synchronized Optional<Verdict> verdict(Hash32 claimId) {
    return Optional.ofNullable(latest.get(claimId))
        .or(
            () ->
                database.read(
                    handle ->
                        handle
                            .createQuery("SELECT verdict FROM verdict WHERE claim = ?")
                            .bind(0, claimId.toArray())
                            .mapTo(Integer.class)
                            .findOne()
                            .flatMap(Verdict::ofCode)));
  }

  @Override
  public synchronized Verdict record(Hash32 claimId, Verdict verdict) {
    Optional<Verdict> standing = verdict(claimId);
    if (standing.isPresent()) {
      return standing.get();
    }
    database.hand(
        handle ->
            handle
                .createUpdate("INSERT INTO verdict (claim, verdict) VALUES (?, ?)")
                .bind(0, claimId.toArray())
                .bind(1, verdict.code())
                .execute());
    latest.put(claimId, verdict);
    return verdict;
  }
}
