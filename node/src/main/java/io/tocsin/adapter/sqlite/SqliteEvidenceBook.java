package io.tocsin.adapter.sqlite;

import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.quorum.Equivocation;
import io.tocsin.quorum.EvidenceBook;
import java.util.ArrayList;
import java.util.List;

/** Contradictions of members in the table {@code equivocation}. */
public final class SqliteEvidenceBook implements EvidenceBook {
  private final Database database;

  /** In this database, whose owner closes it. */
  public SqliteEvidenceBook(Database database) {
    this.database = database;
  }

  @Override
  public void keep(Equivocation evidence) {
    database.change(
        handle ->
            handle
                .createUpdate(
                    "INSERT OR IGNORE INTO equivocation (member, claim, proof) VALUES (?, ?, ?)")
                .bind(0, evidence.member().toArray())
                .bind(1, evidence.claimId().toArray())
                .bind(2, evidence.encode().toArray())
                .execute());
  }

  @Override
  public List<Equivocation> all() {
    List<byte[]> rows =
        database.read(
            handle ->
                handle
                    .createQuery("SELECT proof FROM equivocation ORDER BY position")
                    .mapTo(byte[].class)
                    .list());
    List<Equivocation> all = new ArrayList<>();
    for (byte[] row : rows) {
      try {
        all.add(Equivocation.decode(Bytes.of(row)));
      } catch (MalformedException e) {
        throw new IllegalStateException("a stored proof of equivocation is damaged", e);
      }
    }
    return all;
  }
}
