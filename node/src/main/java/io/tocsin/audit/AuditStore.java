package io.tocsin.audit;

import io.tocsin.base.MalformedException;
import java.util.List;
import java.util.Optional;

/** Where the log is kept; implemented by the node's database. Owned by one {@link AuditLog}. */
public interface AuditStore {
  /**
   * Appends {@code entries} together; on return they survive a power failure.
   *
   * @throws IllegalStateException if they could not be stored; then none of them is
   */
  void append(List<AuditEntry> entries);

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
