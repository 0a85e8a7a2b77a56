package io.tocsin.gossip;

import io.tocsin.base.Address;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What peers are charged for on their links, and which links end because of it. Thread-safe.
 *
 * <p>A push is its sender's choice, unlike a batch, which we asked for; and what a peer wrote
 * itself is its own doing, unlike what it passes on.
 */
final class Manners {
  /** Who pulls waits for each answer and works on it; no honest peer comes near this. */
  private static final TokenBucket.Rate WANTS = new TokenBucket.Rate(256, 64);

  private final PeerScore scores;
  private final InstantSource clock;
  private final Map<Link, TokenBucket> wants = new ConcurrentHashMap<>();

  Manners(PeerScore scores, InstantSource clock) {
    this.scores = scores;
    this.clock = clock;
  }

  PeerScore scores() {
    return scores;
  }

  /** Charges {@code fault} to the peer, and ends the link when that shuts it out. */
  void penalise(Link link, Misbehaviour fault) {
    scores.penalise(link.peer(), fault);
    endIfBanned(link);
  }

  /** Charges {@code fault} to a member wherever it is linked. */
  void penalise(Address member, Misbehaviour fault, Collection<Link> links) {
    scores.penalise(member, fault);
    links.stream().filter(link -> link.peer().equals(member)).forEach(this::endIfBanned);
  }

  private void endIfBanned(Link link) {
    if (scores.banned(link.peer())) {
      link.end();
    }
  }

  /** What the door said to what the peer brought. */
  void brought(Link link, Round round) {
    round.admitted().forEach(admitted -> scores.apply(link.peer(), admitted.result()));
    endIfBanned(link);
  }

  /** What the door said to what the peer pushed. */
  void pushed(Link link, Round.Admitted pushed) {
    if (pushed.result() instanceof AdmissionResult.Ignore(IgnoreReason reason)
        && pushed.envelope().filter(e -> e.author().equals(link.peer())).isPresent()) {
      if (reason == IgnoreReason.AUTHOR_OVER_QUOTA) {
        penalise(link, Misbehaviour.FLOOD);
      } else if (reason == IgnoreReason.EQUIVOCATION) {
        penalise(link, Misbehaviour.EQUIVOCATION);
      }
    }
  }

  /** Whether the peer may have an answer to one more question; one too many is charged. */
  boolean mayAsk(Link link) {
    boolean may =
        wants
            .computeIfAbsent(link, _ -> new TokenBucket(WANTS, clock.instant()))
            .take(1, clock.instant());
    if (!may) {
      penalise(link, Misbehaviour.FLOOD);
    }
    return may;
  }

  /** The link is closed. */
  void forget(Link link) {
    wants.remove(link);
  }
}
