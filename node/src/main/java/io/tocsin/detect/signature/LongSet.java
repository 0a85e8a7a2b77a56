package io.tocsin.detect.signature;

import java.util.Arrays;

/** A set of longs without zero. Owned by one thread. */
final class LongSet {
  private long[] slots = new long[256];
  private int size;

  /** Adds {@code value}; false if it was there. */
  boolean add(long value) {
    long kept = value == 0 ? 1 : value;
    if (2 * size >= slots.length) {
      grow();
    }
    if (!put(slots, kept)) {
      return false;
    }
    size++;
    return true;
  }

  private void grow() {
    long[] larger = new long[2 * slots.length];
    Arrays.stream(slots).filter(v -> v != 0).forEach(v -> put(larger, v));
    slots = larger;
  }

  private static boolean put(long[] slots, long value) {
    int at = (int) mix(value) & (slots.length - 1);
    while (slots[at] != 0) {
      if (slots[at] == value) {
        return false;
      }
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = value;
    return true;
  }

  /** Spreads all bits of {@code value} over all bits (the finaliser of MurmurHash3). */
  static long mix(long value) {
    long v = value;
    v = (v ^ (v >>> 33)) * 0xff51afd7ed558ccdL;
    v = (v ^ (v >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return v ^ (v >>> 33);
  }
}
