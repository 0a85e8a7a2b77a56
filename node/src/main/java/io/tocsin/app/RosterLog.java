package io.tocsin.app;

import io.tocsin.base.Address;
import io.tocsin.base.EventLog;
import io.tocsin.base.Metrics;
import io.tocsin.base.Text;
import io.tocsin.identity.Roster;
import io.tocsin.identity.RosterFault;
import java.nio.file.Path;

/** What operators read about changes of the members. Thread-safe. */
final class RosterLog extends EventLog {
  /** Counts in {@code metrics}. */
  RosterLog(Metrics metrics) {
    super("tocsin.roster", metrics);
  }

  void onRoster(Roster roster) {
    warn(
        "roster_taken_in",
        "Took in the roster of epoch "
            + roster.epoch()
            + " with "
            + roster.members().size()
            + " members, in force from "
            + roster.term().from());
  }

  void onRevoked(Address member) {
    warn("key_revoked", "The key of member " + member + " is revoked and counts for nothing");
  }

  void onRefused(String what, RosterFault fault, String detail) {
    warn("roster_refused", what + " does not count: " + fault + ", " + Text.printable(detail));
  }

  void onUnusable(Path file, String why) {
    alarm(
        "roster_file_unusable",
        file + " cannot be used, and nothing changes: " + Text.printable(why));
  }

  void onUnwritten(Path file, String why) {
    alarm(
        "roster_file_unwritten",
        file
            + " does not hold what this node knows of its members and could not be written, the"
            + " node's own log remembers it: "
            + Text.printable(why));
  }

  void onWritten(Path file, long epoch, int revocations) {
    info(
        "roster_file_written",
        "Wrote " + file + ": latest epoch " + epoch + ", " + revocations + " revocations");
  }

  void onSuperseded(Path copy) {
    warn("proposal_superseded", "A proposal can no longer become a roster; it is kept in " + copy);
  }

  void onFailure(RuntimeException fault) {
    alarm("roster_failure", "Failed while looking after the members: " + fault);
  }
}
