package io.tocsin.gossip;

import io.tocsin.base.Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which peer is asked for what: one request an author at a time, the next as soon as the last is
 * answered, another peer when there is no answer. Thread-safe.
 */
final class Pulls {
  private final GossipConfig.PullLimits limits;
  private final EnvelopeStore store;
  private final GossipLog log;
  private final Map<Link, Map<Address, Long>> claimed = new HashMap<>();
  private final Map<Address, Open> open = new HashMap<>();

  private record Open(Link link, long after, Instant until) {}

  Pulls(GossipConfig.PullLimits limits, EnvelopeStore store, GossipLog log) {
    this.limits = limits;
    this.store = store;
    this.log = log;
  }

  synchronized void add(Link link) {
    claimed.put(link, new HashMap<>());
  }

  synchronized void remove(Link link) {
    claimed.remove(link);
    open.values().removeIf(o -> o.link().equals(link));
  }

  /** Notes that the peer says it has everything of {@code author} up to {@code height}. */
  synchronized void claim(Link link, Address author, long height) {
    Map<Address, Long> heights = claimed.get(link);
    if (heights != null) {
      heights.merge(author, height, Math::max);
    }
  }

  /** Whether the peer is known to have this place of the author's order. */
  synchronized boolean has(Link link, Address author, long sequence) {
    return claimed.getOrDefault(link, Map.of()).getOrDefault(author, 0L) >= sequence;
  }

  /**
   * Up to which place of the author's order peers together say they have it whom {@code
   * trustworthy} accepts; 0 when there are no such peers.
   */
  synchronized long vouched(Address author, Predicate<Set<Address>> trustworthy) {
    List<Map.Entry<Link, Map<Address, Long>>> highest = new ArrayList<>(claimed.entrySet());
    highest.sort(Comparator.comparing(entry -> -entry.getValue().getOrDefault(author, 0L)));
    Set<Address> witnesses = new HashSet<>();
    for (Map.Entry<Link, Map<Address, Long>> entry : highest) {
      witnesses.add(entry.getKey().peer());
      if (trustworthy.test(witnesses)) {
        return entry.getValue().getOrDefault(author, 0L);
      }
    }
    return 0;
  }

  /** The authors of whom some peer says it has more than we have. */
  synchronized Set<Address> behind() {
    Set<Address> authors = new HashSet<>();
    for (Map<Address, Long> heights : claimed.values()) {
      heights.forEach(
          (author, height) -> {
            if (height > store.height(author)) {
              authors.add(author);
            }
          });
    }
    return authors;
  }

  /** Asks some peer for the next envelopes of {@code author}, if one has them and none is asked. */
  synchronized void pull(Address author, Instant now) {
    long height = store.height(author);
    if (open.containsKey(author)) {
      return;
    }
    for (Map.Entry<Link, Map<Address, Long>> entry : claimed.entrySet()) {
      if (entry.getValue().getOrDefault(author, 0L) > height) {
        Link link = entry.getKey();
        ask(link, author, height, now);
        if (open.containsKey(author)) {
          return;
        }
      }
    }
  }

  /** Asks this peer for what it has of {@code author} after a place that we have otherwise. */
  synchronized void ask(Link link, Address author, long after, Instant now) {
    if (!open.containsKey(author) && link.send(new Message.Want(author, after).encode())) {
      open.put(author, new Open(link, after, now.plus(limits.patience())));
      log.onPull("ASKED");
    }
  }

  /** Whether {@code batch} answers the open request; closes it. */
  synchronized boolean answered(Link link, Message.Batch batch) {
    Open request = open.get(batch.author());
    if (request == null || !request.link().equals(link)) {
      return false;
    }
    open.remove(batch.author());
    log.onPull("ANSWERED");
    return true;
  }

  /** After a batch that brought nothing new, the peer's claim is not believed any longer. */
  synchronized void disbelieve(Link link, Address author) {
    Map<Address, Long> heights = claimed.get(link);
    if (heights != null) {
      heights.put(author, Math.min(store.height(author), heights.getOrDefault(author, 0L)));
    }
  }

  /** Gives up requests that were not answered in time. */
  synchronized void expire(Instant now) {
    Iterator<Map.Entry<Address, Open>> requests = open.entrySet().iterator();
    while (requests.hasNext()) {
      Map.Entry<Address, Open> request = requests.next();
      if (now.isAfter(request.getValue().until())) {
        requests.remove();
        log.onPull("UNANSWERED");
        disbelieve(request.getValue().link(), request.getKey());
      }
    }
  }
}
