package io.tocsin.app;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.AuditStore;
import io.tocsin.base.MalformedException;
import io.tocsin.pipeline.Pager;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/** What a node keeps on disk, and the sentences about a disk that fails. */
final class NodeStorage {
  private NodeStorage() {}

  private static Path file(NodeConfig config) {
    return config.basics().data().resolve("tocsin.db");
  }

  /**
   * The node's database.
   *
   * @throws CommandException naming file and remedy if it cannot be used
   */
  static Database database(NodeConfig config) {
    try {
      return Database.open(file(config));
    } catch (IllegalStateException e) {
      throw CommandException.environment(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The node's log, whose end must hold.
   *
   * @throws CommandException naming file and remedy if it does not
   */
  static AuditLog log(NodeConfig config, AuditStore store, InstantSource clock) {
    try {
      return AuditLog.open(store, clock, new SecureRandom());
    } catch (MalformedException e) {
      throw CommandException.environment(file(config) + ": " + e.getMessage());
    }
  }

  /** Completed with a sentence when one of them fails; people are called with the same. */
  static CompletableFuture<String> failure(
      NodeConfig config, Database database, AuditLog log, Pager pager) {
    CompletableFuture<String> failed = new CompletableFuture<>();
    var _ =
        failed.thenAccept(
            why ->
                pager.page(
                    new Pager.Page(
                        config.basics().name(),
                        Pager.Why.STUCK,
                        why,
                        InstantSource.system().instant())));
    var _ =
        database
            .broken()
            .thenAccept(fault -> failed.complete(stops(String.valueOf(fault.getMessage()))));
    var _ =
        log.failed()
            .thenAccept(
                e -> {
                  if (!database.broken().isDone()) {
                    failed.complete(
                        stops("the audit log in " + file(config) + " cannot be written: " + e));
                  }
                });
    return failed;
  }

  private static String stops(String why) {
    return why
        + ". The node stops, because nothing may happen that is not on record; its next start takes"
        + " up what it had begun";
  }
}
