package io.tocsin.pipeline;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Canon;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.HeadRing;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Report;
import io.tocsin.crypto.Verified;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Watches the blocks of the claims that this node stands for, having found or confirmed them, and
 * says which of these are void because another block has taken the place for good. Thread-safe;
 * bounded, forgetting the oldest.
 */
final class Withdrawals {
  private static final int WATCHED = 4_096;

  /** Claims looked at with one block. */
  private static final int AT_ONCE = 64;

  /** A doubt that the endpoints do not settle for so long is given up. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Grounds grounds;
  private final Map<Hash32, Claim.ExploitMined> stood = new LinkedHashMap<>();
  private final Map<Hash32, Instant> doubtful = new HashMap<>();

  Withdrawals(Grounds grounds) {
    this.grounds = grounds;
  }

  /** A claim whose block left the chain, and the block in its place. */
  record Voided(Claim.ExploitMined claim, BlockRef block) {}

  /** This node stands for the claim. */
  synchronized void stand(Claim claim) {
    if (claim instanceof Claim.ExploitMined mined && stood.putIfAbsent(mined.id(), mined) == null) {
      if (stood.size() > WATCHED) {
        Hash32 oldest = stood.keySet().iterator().next();
        stood.remove(oldest);
        doubtful.remove(oldest);
      }
    }
  }

  /**
   * Takes up what {@code self} reported or confirmed before it stopped: the blocks may have left
   * the chain since. Where its own finds were it said itself.
   */
  synchronized void resume(
      List<Verified<Report>> reports,
      List<Verified<Attestation>> attestations,
      Address self,
      Instant now) {
    Set<Hash32> confirmed =
        attestations.stream()
            .filter(attestation -> attestation.author().equals(self))
            .filter(attestation -> attestation.value().verdict() == Verdict.CONFIRM)
            .map(attestation -> attestation.value().claimId())
            .collect(Collectors.toSet());
    for (Verified<Report> report : reports) {
      boolean own = report.author().equals(self);
      if ((own || confirmed.contains(report.value().claim().id()))
          && report.value().claim() instanceof Claim.ExploitMined claim) {
        OptionalLong number = report.value().evidence().blockNumber();
        if (own && number.isPresent()) {
          grounds.saw(claim.block().hash(), number.getAsLong());
        }
        stand(claim);
        doubtful.put(claim.id(), now);
      }
    }
  }

  /** Blocks left the chain, and may come back. After a deep change any block may have left. */
  synchronized void reorged(ChainEvent.Reorged reorged, Instant now) {
    Set<Hash32> removed =
        reorged.removed().stream().map(BlockRef::hash).collect(Collectors.toSet());
    boolean deep = removed.size() >= HeadRing.CAPACITY;
    for (Claim.ExploitMined claim : stood.values()) {
      if (claim.chain().equals(reorged.chain())
          && (deep || removed.contains(claim.block().hash()))) {
        doubtful.put(claim.id(), now);
      }
    }
  }

  /** Whether there is a claim on {@code chain} whose block may have left it. */
  synchronized boolean doubts(ChainId chain) {
    return doubtful.keySet().stream().anyMatch(id -> on(chain, id));
  }

  private boolean on(ChainId chain, Hash32 id) {
    Claim.ExploitMined claim = stood.get(id);
    return claim != null && claim.chain().equals(chain);
  }

  private synchronized List<Claim.ExploitMined> asked(ChainId chain, Instant now) {
    doubtful.values().removeIf(since -> now.isAfter(since.plus(PATIENCE)));
    return stood.values().stream()
        .filter(claim -> claim.chain().equals(chain) && doubtful.containsKey(claim.id()))
        .limit(AT_ONCE)
        .toList();
  }

  /** The claims on {@code chain} that are void, each told once; asks the endpoints. */
  List<Voided> voided(ChainId chain, Canon canon, Instant now) {
    List<Voided> all = new ArrayList<>();
    for (Claim.ExploitMined claim : asked(chain, now)) {
      if (grounds.place(claim, canon) instanceof Canon.Answer.Deep(BlockRef block)
          && settled(claim, block)) {
        all.add(new Voided(claim, block));
      }
    }
    return all;
  }

  /** Whether {@code block}, which stands in the place for good, is news and another one. */
  private synchronized boolean settled(Claim.ExploitMined claim, BlockRef block) {
    doubtful.remove(claim.id());
    return !block.hash().equals(claim.block().hash()) && stood.remove(claim.id()) != null;
  }
}
