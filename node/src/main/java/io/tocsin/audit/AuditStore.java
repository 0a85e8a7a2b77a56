package io.tocsin.audit;

import io.tocsin.base.MalformedException;
import java.util.List;
import java.util.Optional;

/** Where the log is kept; implemented by the node's database. Owned by one {@link AuditLog}. */
public interface AuditStore {
  /**
   * Appends {@code entry}, which follows the last; it reaches the disk in its order.
   *
   * @param kept runs once it survives a power failure, in the order of the entries and before a
   *     {@link #flush} that waits for it returns; quick, and waits for nothing
   * @throws IllegalStateException if it, or one before it, could not be stored
   */
  void append(AuditEntry entry, Runnable kept);

  /**
   * Returns when everything appended so far survives a power failure.
   *
   * @throws IllegalStateException if it never will
   */
  void flush();

  /** Removes salt and body of these entries for ever; unknown sequences are passed over. */
  void erase(List<Long> sequences);

  /**
   * The last entry; empty when the log is.
   *
   * @throws MalformedException if it cannot be read as an entry
   */
  Optional<AuditEntry> last() throws MalformedException;

  /**
   * Up to {@code limit} entries from {@code sequence} on, ascending.
   *
   * @throws MalformedException naming an entry that cannot be read as one
   */
  List<AuditEntry> read(long sequence, int limit) throws MalformedException;
}
