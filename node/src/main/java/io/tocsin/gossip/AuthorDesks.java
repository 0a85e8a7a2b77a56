package io.tocsin.gossip;

import io.tocsin.base.Address;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The desk of each author that was heard of, made when it is first wanted. Thread-safe. */
final class AuthorDesks {
  private final GossipConfig config;
  private final InstantSource clock;
  private final AtomicLong waitingBytes = new AtomicLong();
  private final Map<Address, AuthorDesk> desks = new ConcurrentHashMap<>();

  AuthorDesks(GossipConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /** The author's desk; its caller locks it. */
  AuthorDesk of(Address author) {
    return desks.computeIfAbsent(
        author, _ -> new AuthorDesk(config, waitingBytes, clock.instant()));
  }

  /** How many more envelopes {@code author} may add now. */
  long room(Address author) {
    AuthorDesk desk = of(author);
    desk.lock();
    try {
      return desk.room(clock.instant());
    } finally {
      desk.unlock();
    }
  }

  /** Forgets what waited too long. */
  void expire() {
    for (AuthorDesk desk : desks.values()) {
      desk.lock();
      try {
        desk.expire(clock.instant());
      } finally {
        desk.unlock();
      }
    }
  }
}
