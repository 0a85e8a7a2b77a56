package io.tocsin.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A log in memory that can be told to fail. Owned by one test. */
public final class MemoryAuditStore implements AuditStore {
  private final List<AuditEntry> entries = new ArrayList<>();
  private final List<Runnable> underway = new ArrayList<>();
  private boolean broken;

  public synchronized void fail() {
    broken = true;
  }

  public synchronized List<AuditEntry> entries() {
    return List.copyOf(entries);
  }

  public synchronized void replace(int index, AuditEntry entry) {
    entries.set(index, entry);
  }

  public synchronized void remove(int index) {
    entries.remove(index);
  }

  @Override
  public synchronized void append(AuditEntry entry, Runnable kept) {
    requireWhole();
    entries.add(entry);
    underway.add(kept);
  }

  @Override
  public synchronized void flush() {
    requireWhole();
    underway.forEach(Runnable::run);
    underway.clear();
  }

  private void requireWhole() {
    if (broken) {
      throw new IllegalStateException("no space left");
    }
  }

  @Override
  public synchronized void erase(List<Long> sequences) {
    entries.replaceAll(e -> sequences.contains(e.sequence()) ? e.erased() : e);
  }

  @Override
  public synchronized Optional<AuditEntry> last() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getLast());
  }

  @Override
  public synchronized List<AuditEntry> read(long sequence, int limit) {
    return entries.stream().filter(e -> e.sequence() >= sequence).limit(limit).toList();
  }
}
