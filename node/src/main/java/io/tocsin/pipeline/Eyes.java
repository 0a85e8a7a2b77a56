package io.tocsin.pipeline;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.Position;
import io.tocsin.chain.ResolvedCode;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceSource;
import io.tocsin.chain.TxTrace;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Claim.BlockStamp;
import io.tocsin.claim.Reporter;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.Sightings;
import io.tocsin.exposure.Inquiry;
import io.tocsin.exposure.OwnEvidence;
import io.tocsin.exposure.Sight;
import io.tocsin.quorum.OwnView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * What this node sees for itself: its own scans, kept or made again by re-executing the claimed
 * transaction. Nothing that a peer says enters. Thread-safe; keeps the last 256 looks that found
 * something.
 */
public final class Eyes {
  private static final int KEPT = 256;
  private static final Duration AGAIN = Duration.ofMillis(200);

  private final Map<ChainId, ChainPorts> chains;
  private final Detectors detectors;
  private final ExecutorService cpu;
  private final Sightings sightings;
  private final InstantSource clock;
  private final Map<ChainId, BlockRef> heads = new ConcurrentHashMap<>();
  private final Map<Hash32, Look> looks =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash32, Look> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * Eyes on these chains.
   *
   * @param cpu where detectors run
   */
  public Eyes(
      Map<ChainId, ChainPorts> chains,
      Detectors detectors,
      ExecutorService cpu,
      Sightings sightings,
      InstantSource clock) {
    this.chains = Map.copyOf(chains);
    this.detectors = detectors;
    this.cpu = cpu;
    this.sightings = sightings;
    this.clock = clock;
  }

  /**
   * A transaction and what the detectors said of it.
   *
   * @param reads the state values the detectors used
   * @param base the block whose state the transaction ran on; empty where unknown
   */
  public record Look(Traced traced, ScanReport report, StateReads reads, Optional<Hash32> base) {
    TxTrace trace() {
      return traced.trace();
    }
  }

  /** How this node reaches {@code chain}. */
  Optional<ChainPorts> ports(ChainId chain) {
    return Optional.ofNullable(chains.get(chain));
  }

  /** The newest block of {@code chain} that was dealt with. */
  Optional<BlockRef> head(ChainId chain) {
    return Optional.ofNullable(heads.get(chain));
  }

  void advanced(ChainId chain, BlockRef head) {
    heads.put(chain, head);
  }

  /** Scans a transaction, on the state before it. */
  Look look(Traced traced) {
    TxTrace trace = traced.trace();
    Optional<Hash32> base =
        switch (trace.position()) {
          case Position.Mined(_, Hash32 parent) -> Optional.of(parent);
          case Position.Pending(BlockRef head, _) -> Optional.of(head.hash());
          case Position.Unknown _ -> Optional.empty();
        };
    List<StateQuery> queries = detectors.queries(trace);
    StateReads reads =
        queries.isEmpty() || base.isEmpty()
            ? StateReads.NONE
            : ports(trace.chain())
                .map(ports -> ports.state().read(queries, base.get()))
                .orElse(StateReads.NONE);
    Look look = new Look(traced, scan(trace, reads), reads, base);
    sightings.record(trace, look.report());
    if (!look.report().findings().isEmpty()) {
      synchronized (looks) {
        looks.put(trace.tx(), look);
      }
    }
    return look;
  }

  private ScanReport scan(TxTrace trace, StateReads reads) {
    try {
      return cpu.submit(() -> detectors.scan(trace, reads, sightings.history(trace))).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    } catch (ExecutionException e) {
      return failed("a detector failed: " + e.getCause());
    }
  }

  private static ScanReport failed(String reason) {
    return new ScanReport(new Scan.NotAnalysed(reason), List.of());
  }

  /**
   * The normalised code of each victim, behind proxies, before the transaction, where it was read.
   */
  Map<Address, Hash32> victims(Look look) {
    Map<Address, Hash32> codes = new HashMap<>();
    for (Finding finding : look.report().findings()) {
      fingerprint(look, finding.subject())
          .ifPresent(code -> codes.put(finding.subject(), code.normalised()));
    }
    return codes;
  }

  private Optional<CodeFingerprint> fingerprint(Look look, Address account) {
    return look.base()
        .flatMap(
            base ->
                ports(look.trace().chain())
                    .flatMap(ports -> ports.code().codeBehind(account, base)))
        .map(ResolvedCode::fingerprint);
  }

  /** What this node itself knows about the subject of {@code claim}. */
  OwnView view(Claim claim) {
    return switch (claim) {
      case Claim.ExploitMined mined -> view(claim, mined.chain(), mined.tx(), mined.block());
      case Claim.ExploitPending pending ->
          view(claim, pending.chain(), pending.tx(), pending.head());
      case Claim.AllClear _ -> new OwnView.Canonical(Optional.empty(), false);
      case Claim.RosterChanged _ -> new OwnView.Unwatched();
    };
  }

  private OwnView view(Claim claim, ChainId chain, Hash32 tx, BlockStamp claimed) {
    Optional<ChainPorts> ports = ports(chain);
    if (ports.isEmpty()) {
      return new OwnView.Unwatched();
    }
    Optional<Look> kept = kept(claim, tx);
    if (kept.isPresent()) {
      return seen(kept.get());
    }
    Optional<BlockRef> head = head(chain);
    if (head.isEmpty() || head.get().time().isBefore(claimed.time())) {
      return new OwnView.Behind(clock.instant().plus(AGAIN));
    }
    return switch (ports.get().source().trace(tx)) {
      case TraceSource.Answer.Found(Traced traced) -> seen(look(traced));
      case TraceSource.Answer.Absent _ -> new OwnView.Absent(true, head.get().time());
      case TraceSource.Answer.Unavailable(String reason) -> new OwnView.Unavailable(reason);
    };
  }

  /**
   * The look kept of {@code tx}, unless it is one at a pending transaction that is claimed mined.
   */
  private Optional<Look> kept(Claim claim, Hash32 tx) {
    synchronized (looks) {
      return Optional.ofNullable(looks.get(tx))
          .filter(
              look ->
                  claim instanceof Claim.ExploitPending
                      || look.trace().position() instanceof Position.Mined);
    }
  }

  private OwnView seen(Look look) {
    TxTrace trace = look.trace();
    boolean agreed = look.traced().agreement().agreed();
    return switch (trace.position()) {
      case Position.Mined(BlockRef block, _) ->
          new OwnView.Mined(Reporter.stamp(block), agreed, trace.failed(), harm(look));
      case Position.Pending(BlockRef head, long nonce) ->
          new OwnView.Pending(
              new Claim.Turn(trace.sender(), nonce),
              Reporter.stamp(head),
              new OwnView.Simulation(agreed, false, false, trace.failed()),
              harm(look));
      case Position.Unknown _ -> new OwnView.Unavailable("the position in the chain is unknown");
    };
  }

  private OwnView.Harm harm(Look look) {
    Map<Address, Hash32> victims = victims(look);
    Optional<String> unjudged =
        look.report().scan() instanceof Scan.NotAnalysed(String reason)
            ? Optional.of(reason)
            : look.report().findings().stream()
                .map(Finding::subject)
                .filter(subject -> !victims.containsKey(subject))
                .findFirst()
                .map(subject -> "the code of " + subject + " could not be read");
    return new OwnView.Harm(victims, Detectors.touched(look.trace()), unjudged);
  }

  /**
   * What this node read itself about the transaction and subject of {@code claim}.
   *
   * @param ages the ages that a subject may have to have, the longest first
   */
  OwnEvidence evidence(Claim claim, List<Duration> ages) {
    Optional<Hash32> tx =
        switch (claim) {
          case Claim.ExploitMined mined -> Optional.of(mined.tx());
          case Claim.ExploitPending pending -> Optional.of(pending.tx());
          case Claim.AllClear _, Claim.RosterChanged _ -> Optional.empty();
        };
    if (tx.isEmpty() || claim.about().isEmpty() || claim.where().isEmpty()) {
      return OwnEvidence.none("the claim names no transaction");
    }
    Optional<Look> look = kept(claim, tx.get()).or(() -> again(claim.where().get(), tx.get()));
    return look.map(found -> evidence(found, claim.about().get().address(), ages))
        .orElseGet(() -> OwnEvidence.none("this node has not seen the transaction"));
  }

  private Optional<Look> again(ChainId chain, Hash32 tx) {
    return ports(chain)
        .map(ports -> ports.source().trace(tx))
        .flatMap(
            answer ->
                answer instanceof TraceSource.Answer.Found(Traced traced)
                    ? Optional.of(look(traced))
                    : Optional.empty());
  }

  private OwnEvidence evidence(Look look, Address subject, List<Duration> ages) {
    ChainId chain = look.trace().chain();
    Sight sight = Sight.of(look.report().scan(), chain, subject);
    Inquiry inquiry = Inquiry.of(look.trace(), subject, sight);
    Map<Address, CodeFingerprint> codes = new HashMap<>();
    for (Address account : inquiry.accounts()) {
      fingerprint(look, account).ifPresent(code -> codes.put(account, code));
    }
    return inquiry.evidence(look.traced().agreement(), codes, knownSince(look, subject, ages));
  }

  private Optional<Instant> knownSince(Look look, Address subject, List<Duration> ages) {
    Optional<ChainPorts> ports = ports(look.trace().chain());
    Optional<Instant> time =
        switch (look.trace().position()) {
          case Position.Mined(BlockRef block, _) -> Optional.of(block.time());
          case Position.Pending(BlockRef head, _) -> Optional.of(head.time());
          case Position.Unknown _ -> Optional.empty();
        };
    if (ports.isEmpty() || time.isEmpty()) {
      return Optional.empty();
    }
    for (Duration age : ages) {
      Optional<Instant> since = ports.get().age().knownSince(subject, time.get().minus(age));
      if (since.isPresent()) {
        return since;
      }
    }
    return Optional.empty();
  }
}
