package io.tocsin.gossip;

import io.tocsin.base.Hash32;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the door remembers of one author besides the log: envelopes that wait for a predecessor, and
 * its quota. Every method is called with the desk's lock held.
 */
final class AuthorDesk {
  private final ReentrantLock lock = new ReentrantLock();
  private final SortedMap<Long, Waiting> waiting = new TreeMap<>();
  private final GossipConfig config;
  private final AtomicLong waitingBytes;
  private final TokenBucket envelopes;
  private final TokenBucket bytes;

  private record Waiting(Candidate candidate, Instant until) {}

  /** A desk that shares the room for waiting, {@code waitingBytes}, with all others. */
  AuthorDesk(GossipConfig config, AtomicLong waitingBytes, Instant now) {
    this.config = config;
    this.waitingBytes = waitingBytes;
    this.envelopes = new TokenBucket(config.quota().envelopes(), now);
    this.bytes = new TokenBucket(config.quota().bytes(), now);
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  boolean withinQuota(Candidate candidate, Instant now) {
    return envelopes.take(1, now) && bytes.take(candidate.frame().wire().size(), now);
  }

  /** How many more envelopes the author may add now; none once its bytes are used up. */
  long room(Instant now) {
    return bytes.left(now) > 0 ? envelopes.left(now) : 0;
  }

  /** The envelope that waits at this place in the order. */
  Optional<Candidate> waitingAt(long sequence) {
    return Optional.ofNullable(waiting.get(sequence)).map(Waiting::candidate);
  }

  /** Lets {@code candidate} wait; empty when there is no room, otherwise until when. */
  Optional<Instant> defer(Candidate candidate, Instant now) {
    expire(now);
    long sequence = candidate.envelope().sequence();
    long size = candidate.frame().wire().size();
    while (waiting.size() >= config.waiting().perAuthor() && waiting.lastKey() > sequence) {
      remove(waiting.lastKey());
    }
    if (waiting.size() >= config.waiting().perAuthor()
        || waitingBytes.get() + size > config.waiting().bytes()) {
      return Optional.empty();
    }
    Instant until = now.plus(config.waiting().patience());
    waiting.put(sequence, new Waiting(candidate, until));
    waitingBytes.addAndGet(size);
    return Optional.of(until);
  }

  /** Until when the envelope with this id waits; empty when it does not. */
  Optional<Instant> deferred(long sequence, Hash32 id) {
    return Optional.ofNullable(waiting.get(sequence))
        .filter(w -> w.candidate().id().equals(id))
        .map(Waiting::until);
  }

  /** Takes the envelope that waits at this place in the order, if any. */
  Optional<Candidate> remove(long sequence) {
    Optional<Waiting> found = Optional.ofNullable(waiting.remove(sequence));
    found.ifPresent(w -> waitingBytes.addAndGet(-w.candidate().frame().wire().size()));
    return found.map(Waiting::candidate);
  }

  /** Forgets what waited too long. */
  void expire(Instant now) {
    waiting
        .values()
        .removeIf(
            w -> {
              boolean over = now.isAfter(w.until());
              if (over) {
                waitingBytes.addAndGet(-w.candidate().frame().wire().size());
              }
              return over;
            });
  }
}
