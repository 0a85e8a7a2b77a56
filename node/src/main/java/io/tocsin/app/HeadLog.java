package io.tocsin.app;

import io.tocsin.base.EventLog;
import io.tocsin.base.Metrics;

/** What an operator reads about the heads of audit logs. */
final class HeadLog extends EventLog {
  HeadLog(Metrics metrics) {
    super("audit-heads", metrics);
  }

  void untold(RuntimeException failure) {
    warn(
        "head_untold",
        "the members could not be told how far the audit log is; it is tried again: " + failure);
  }
}
