package io.tocsin.gossip;

import io.tocsin.base.Address;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * How well each peer behaves on its link, which is not how well it judges. Good envelopes earn a
 * little, at most one point a second, so that nobody pays for a flood with what the flood brings;
 * misbehaviour costs, time forgives; a peer at the bottom is shut out for a minute. Never for ever:
 * a fault of one evening must not split the town. Thread-safe.
 */
public final class PeerScore {
  private static final double BEST = 20;
  private static final double WORST = -100;
  private static final double AFTER_BAN = -50;
  private static final double FORGIVEN_PER_SECOND = 0.5;
  private static final Duration BAN = Duration.ofMinutes(1);
  private static final double MILLIS = 1e3;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final GossipLog log;
  private final Map<Address, Standing> standings = new HashMap<>();

  /** All peers start at zero. */
  public PeerScore(InstantSource clock, GossipLog log) {
    this.clock = clock;
    this.log = log;
  }

  private static final class Standing {
    private double score;
    private Instant since;
    private Instant bannedUntil = Instant.MIN;
    private Instant nextCredit = Instant.MIN;
    private Instant nextFlood = Instant.MIN;

    Standing(Instant now) {
      this.since = now;
    }

    void forgive(Instant now) {
      if (now.isAfter(since)) {
        if (score < 0) {
          double gain = Duration.between(since, now).toMillis() / MILLIS * FORGIVEN_PER_SECOND;
          score = Math.min(0, score + gain);
        }
        since = now;
      }
    }
  }

  /** Lets a result of the door count; the only place where one does. */
  public void apply(Address peer, AdmissionResult result) {
    switch (result) {
      case AdmissionResult.Accept _ -> credit(peer);
      case AdmissionResult.Reject _ -> penalise(peer, Misbehaviour.BAD_ENVELOPE);
      case AdmissionResult.Defer _ -> {}
      case AdmissionResult.Ignore _ -> {}
    }
  }

  private synchronized void credit(Address peer) {
    Instant now = clock.instant();
    Standing standing = standing(peer, now);
    if (!now.isBefore(standing.nextCredit)) {
      standing.nextCredit = now.plus(SECOND);
      standing.score = Math.min(BEST, standing.score + 1);
    }
  }

  private Standing standing(Address peer, Instant now) {
    Standing standing = standings.computeIfAbsent(peer, _ -> new Standing(now));
    standing.forgive(now);
    return standing;
  }

  /** Charges {@code fault} to {@code peer}. */
  public synchronized void penalise(Address peer, Misbehaviour fault) {
    Instant now = clock.instant();
    Standing standing = standing(peer, now);
    if (fault == Misbehaviour.FLOOD) {
      if (now.isBefore(standing.nextFlood)) {
        return;
      }
      standing.nextFlood = now.plus(SECOND);
    }
    log.onMisbehaviour(fault);
    standing.score -= fault.cost();
    if (standing.score <= WORST) {
      standing.score = AFTER_BAN;
      standing.bannedUntil = now.plus(BAN);
      log.onBan(peer, fault);
    }
  }

  /** The present score of {@code peer}, from -100 to 20. */
  public synchronized double score(Address peer) {
    Standing standing = standings.get(peer);
    if (standing == null) {
      return 0;
    }
    standing.forgive(clock.instant());
    return standing.score;
  }

  /** Whether {@code peer} is shut out now. */
  public synchronized boolean banned(Address peer) {
    Standing standing = standings.get(peer);
    return standing != null && clock.instant().isBefore(standing.bannedUntil);
  }
}
