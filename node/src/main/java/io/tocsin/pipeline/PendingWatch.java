package io.tocsin.pipeline;

import io.tocsin.base.ChainId;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.Position;
import io.tocsin.chain.TraceSource.Answer;
import io.tocsin.claim.Claim;
import io.tocsin.policy.Alarm;
import io.tocsin.quorum.OwnView;
import io.tocsin.respond.Gate;
import io.tocsin.respond.InterlockState.Trip;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What may rest on a transaction that is not mined yet, and whether it was mined in the end. An
 * attack that our own pause made fail brings no certificate, so this node looks for itself.
 * Thread-safe.
 */
final class PendingWatch {
  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final Duration AGAIN = Duration.ofMillis(25);
  private static final int TRIES = 200;

  private final Gate gate;
  private final Eyes eyes;
  private final Records records;

  PendingWatch(Gate gate, Eyes eyes, Records records) {
    this.gate = gate;
    this.eyes = eyes;
    this.records = records;
  }

  /**
   * Whether this node may not act on its own sighting, which is then on record. A pending one must
   * be includable next and harm in every changed run. May wait for this node's own head.
   */
  boolean doubted(Alarm alarm) {
    Optional<String> doubt =
        switch (alarm) {
          case Alarm.Certified _ -> Optional.empty();
          case Alarm.Local(Claim claim) -> doubt(claim);
        };
    doubt.ifPresent(why -> records.log().doubted(alarm.claim(), why));
    return doubt.isPresent();
  }

  private Optional<String> doubt(Claim claim) {
    return switch (claim) {
      case Claim.ExploitMined _ -> Optional.empty();
      case Claim.ExploitPending pending -> doubt(pending);
      case Claim.AllClear _, Claim.RosterChanged _ -> Optional.of("it is no exploit");
    };
  }

  private Optional<String> doubt(Claim.ExploitPending claim) {
    OwnView view = eyes.view(claim);
    for (int i = 0; view instanceof OwnView.Behind && i < TRIES; i++) {
      try {
        Thread.sleep(AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.of("interrupted");
      }
      view = eyes.view(claim);
    }
    return switch (view) {
      case OwnView.Pending(_, _, OwnView.Simulation s, _) -> {
        String fault =
            !s.agreed()
                ? "the endpoints do not agree"
                : !s.includable()
                    ? "it cannot be in the next block"
                    : s.failed() || !s.robust() ? "it harms only in some surroundings" : "";
        yield fault.isEmpty() ? Optional.empty() : Optional.of(fault);
      }
      case OwnView.Mined mined ->
          mined.agreed() && !mined.failed()
              ? Optional.empty()
              : Optional.of("it was mined and failed");
      case OwnView.Absent _ -> Optional.of("it is gone");
      case OwnView.Behind _ -> Optional.of("this node has not come so far");
      case OwnView.Unavailable(String why) -> Optional.of(why);
      case OwnView.Unwatched _, OwnView.Canonical _ -> Optional.of("its chain is not watched");
    };
  }

  /** Takes note of what was mined on {@code chain} after this node acted on it. */
  void look(ChainId chain, Instant now) {
    for (Trip trip : gate.state().trips()) {
      boolean open =
          !trip.cause().mined()
              && trip.cause().chain().equals(chain)
              && trip.span().from().isAfter(now.minus(PATIENCE));
      if (open
          && eyes.ports(chain)
              .map(ports -> ports.source().trace(trip.cause().tx()))
              .filter(PendingWatch::mined)
              .isPresent()) {
        gate.mined(chain, trip.cause().tx());
      }
    }
  }

  private static boolean mined(Answer answer) {
    return answer instanceof Answer.Found(Traced traced)
        && traced.agreement().agreed()
        && traced.trace().position() instanceof Position.Mined;
  }
}
