package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.Position;
import io.tocsin.chain.TxTrace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What this node saw with its own eyes: the last scans by transaction hash, who made which
 * contract, and how much accounts used to pay in mined transactions. Bounded: the oldest is
 * forgotten first. Thread-safe.
 */
public final class Sightings {
  private final Map<Hash32, ScanReport> scans;
  private final Map<Address, Address> creators;
  private final Map<Hash32, Boolean> booked;
  private final PaymentBook payments;

  /** Remembers at most {@code capacity} scans, and eight times as many contracts and payers. */
  public Sightings(int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("capacity must be positive, not " + capacity);
    }
    scans = bounded(capacity);
    creators = bounded(8 * capacity);
    booked = bounded(8 * capacity);
    payments = new PaymentBook(8 * capacity);
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
  public void record(TxTrace trace, ScanReport report) {
    boolean mined = trace.position() instanceof Position.Mined && !trace.failed();
    record(trace, report, new NetFlows(mined ? Movements.of(trace) : List.of(), 0));
  }

  private synchronized void record(TxTrace trace, ScanReport report, NetFlows net) {
    scans.remove(trace.tx());
    scans.put(trace.tx(), report);
    if (trace.position() instanceof Position.Mined(BlockRef block, _)
        && booked.putIfAbsent(trace.tx(), true) == null) {
      payments.book(net, trace.sender(), block.time().getEpochSecond());
    }
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
    Map<Address, Map<Asset, History.Habit>> paid = new HashMap<>();
    for (Address account : trace.accounts()) {
      seconds(trace)
          .ifPresent(
              at -> {
                Map<Asset, History.Habit> sums = payments.of(account, at);
                if (!sums.isEmpty()) {
                  paid.put(account, sums);
                }
              });
      Address creator = creators.get(account);
      if (creator != null) {
        known.put(account, creator);
      }
    }
    return new History(known, paid);
  }

  private static OptionalLong seconds(TxTrace trace) {
    return switch (trace.position()) {
      case Position.Mined(BlockRef block, _) -> OptionalLong.of(block.time().getEpochSecond());
      case Position.Pending(BlockRef head, _) -> OptionalLong.of(head.time().getEpochSecond());
      case Position.Unknown _ -> OptionalLong.empty();
    };
  }
}
