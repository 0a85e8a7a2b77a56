package io.tocsin.gossip;

import io.tocsin.base.Hash32;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ids of envelopes admitted lately, so that a repeat costs neither a signature check nor a
 * read. Forgets by size and by age; the log itself stays the judge. Thread-safe.
 */
final class SeenIds {
  private final GossipConfig.SeenLimits limits;
  private final LinkedHashMap<Hash32, Instant> ids = new LinkedHashMap<>();

  SeenIds(GossipConfig.SeenLimits limits) {
    this.limits = limits;
  }

  synchronized boolean contains(Hash32 id) {
    return ids.containsKey(id);
  }

  synchronized void add(Hash32 id, Instant now) {
    ids.putIfAbsent(id, now);
    Instant oldest = now.minus(limits.age());
    Iterator<Map.Entry<Hash32, Instant>> entries = ids.entrySet().iterator();
    while (entries.hasNext()) {
      Instant added = entries.next().getValue();
      if (ids.size() <= limits.size() && !added.isBefore(oldest)) {
        break;
      }
      entries.remove();
    }
  }

  synchronized int size() {
    return ids.size();
  }
}
