package io.tocsin.adapter.sqlite;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Cursor;
import java.time.Instant;
import java.util.List;

/** How far each chain was processed, in the table {@code processed_block}. */
public final class SqliteCursor implements Cursor {
  private final Database database;

  /** In this database, whose owner closes it. */
  public SqliteCursor(Database database) {
    this.database = database;
  }

  @Override
  public List<BlockRef> recent(ChainId chain) {
    database.flush();
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT number, hash, time FROM processed_block WHERE chain = ? ORDER BY"
                        + " number")
                .bind(0, chain.toString())
                .map(
                    (row, _) ->
                        new BlockRef(
                            row.getLong("number"),
                            Hash32.hex(row.getString("hash")),
                            Instant.ofEpochSecond(row.getLong("time"))))
                .list());
  }

  @Override
  public void advance(ChainId chain, BlockRef block) {
    database.hand(
        handle -> {
          handle
              .createUpdate(
                  "DELETE FROM processed_block WHERE chain = ? AND (number >= ? OR number <= ?)")
              .bind(0, chain.toString())
              .bind(1, block.number())
              .bind(2, block.number() - DEPTH)
              .execute();
          handle
              .createUpdate(
                  "INSERT INTO processed_block (chain, number, hash, time) VALUES (?, ?, ?, ?)")
              .bind(0, chain.toString())
              .bind(1, block.number())
              .bind(2, block.hash().toString())
              .bind(3, block.time().getEpochSecond())
              .execute();
        });
  }
}
