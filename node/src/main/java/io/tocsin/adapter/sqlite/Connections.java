package io.tocsin.adapter.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** How the database is connected to, and brought to the newest schema. */
final class Connections {
  private static final int BUSY_MILLIS = 5_000;

  private Connections() {}

  static SQLiteDataSource source(String url, boolean readOnly) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    if (!readOnly) {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
      config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
    }
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl(url);
    return source;
  }

  static void migrate(SQLiteDataSource source) {
    Flyway.configure(Connections.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:db/migration")
        .outOfOrder(true)
        .load()
        .migrate();
  }

  static Handle connect(SQLiteDataSource source) {
    try {
      Connection connection = source.getConnection();
      return Jdbi.open(() -> connection).setStatementBuilder(new KeptStatements());
    } catch (SQLException e) {
      throw new IllegalStateException("cannot open " + source.getUrl(), e);
    }
  }
}
