package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.TxTrace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What this node saw with its own eyes: the last scans by transaction hash, and who made which
 * contract. Bounded: the oldest is forgotten first. Thread-safe.
 */
public final class Sightings {
  private final Map<Hash32, ScanReport> scans;
  private final Map<Address, Address> creators;

  /** Remembers at most {@code capacity} scans, and eight times as many contracts. */
  public Sightings(int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("capacity must be positive, not " + capacity);
    }
    scans = bounded(capacity);
    creators = bounded(8 * capacity);
  }

  private static <K, V> Map<K, V> bounded(int capacity) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > capacity;
      }
    };
  }

  /** Remembers {@code report} on {@code trace}; a later one on the same transaction replaces it. */
  public synchronized void record(TxTrace trace, ScanReport report) {
    scans.remove(trace.tx());
    scans.put(trace.tx(), report);
    for (CallFrame frame : trace.frames()) {
      if (frame.kind().creates() && !frame.failed()) {
        creators.put(frame.to(), trace.sender());
      }
    }
  }

  /** The own scan of transaction {@code tx}, if it is remembered. */
  public synchronized Optional<ScanReport> of(Hash32 tx) {
    return Optional.ofNullable(scans.get(tx));
  }

  /** What is remembered about the accounts of {@code trace}, to be scanned next. */
  public synchronized History history(TxTrace trace) {
    Map<Address, Address> known = new HashMap<>();
    for (Address account : trace.accounts()) {
      Address creator = creators.get(account);
      if (creator != null) {
        known.put(account, creator);
      }
    }
    return new History(known);
  }
}
