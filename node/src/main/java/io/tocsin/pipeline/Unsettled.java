package io.tocsin.pipeline;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Protection;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Responder;
import io.tocsin.risk.RiskEstimate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The permits that were tried and whose outcome is not known. With each block they are settled by
 * what the chain shows; what still waits to be mined is bid for again, if its mandate may act now.
 * One look a permit at a time. Thread-safe.
 */
final class Unsettled {
  private final Defence.Means means;
  private final Function<Protection, RiskEstimate> stakes;
  private final BiConsumer<Permit, Outcome> conclusion;
  private final Executor workers;
  private final PipelineLog log;
  private final Map<Hash32, Permit> open = new ConcurrentHashMap<>();
  private final Set<Hash32> taken = ConcurrentHashMap.newKeySet();

  /**
   * Settles by the responders of {@code means}.
   *
   * @param stakes says what is at risk now
   * @param conclusion hears each outcome that is known
   * @param workers bid
   */
  Unsettled(
      Defence.Means means,
      Function<Protection, RiskEstimate> stakes,
      BiConsumer<Permit, Outcome> conclusion,
      Executor workers,
      PipelineLog log) {
    this.means = means;
    this.stakes = stakes;
    this.conclusion = conclusion;
    this.workers = workers;
    this.log = log;
  }

  void add(Permit permit) {
    open.put(permit.digest(), permit);
  }

  void remove(Permit permit) {
    open.remove(permit.digest());
  }

  /** Their digests. */
  Set<Hash32> digests() {
    return Set.copyOf(open.keySet());
  }

  /** {@code chain} has a new block. */
  void look(ChainId chain) {
    for (Permit permit : open.values()) {
      Responder responder = means.responders().get(permit.action().guardian());
      if (permit.action().guardian().chain().equals(chain) && responder != null) {
        look(permit, responder);
      }
    }
  }

  private void look(Permit permit, Responder responder) {
    if (!taken.add(permit.digest())) {
      return;
    }
    boolean bids = false;
    try {
      if (open.containsKey(permit.digest())) {
        Outcome outcome = responder.settle(permit);
        Optional<Protection> acting = acting(permit);
        if (!(outcome instanceof Outcome.Unknown)) {
          conclusion.accept(permit, outcome);
        } else if (acting.isPresent()) {
          bids = true;
          workers.execute(
              log.guarded(
                  "bidding on for " + permit, () -> bidOn(permit, responder, acting.get())));
        }
      }
    } finally {
      if (!bids) {
        taken.remove(permit.digest());
      }
    }
  }

  /** Whose mandate it is, if that may act: the owner may have gone back to shadow mode. */
  private Optional<Protection> acting(Permit permit) {
    return means.protections().stream()
        .filter(protection -> protection.guard().account().equals(permit.action().guardian()))
        .filter(
            protection ->
                protection.mandates().stream()
                    .anyMatch(
                        mandate ->
                            mandate.id().equals(permit.action().mandateId())
                                && mandate.judgement().mode() == Judgement.Mode.ACT))
        .findFirst();
  }

  private void bidOn(Permit permit, Responder responder, Protection protection) {
    try {
      Outcome outcome = responder.bidOn(permit, stakes.apply(protection));
      if (!(outcome instanceof Outcome.Unknown)) {
        conclusion.accept(permit, outcome);
      }
    } finally {
      taken.remove(permit.digest());
    }
  }
}
