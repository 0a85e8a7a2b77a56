package io.tocsin.adapter.rpc;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.TxTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Has the transactions of blocks traced and passes them on. */
final class BlockDesk {
  private static final int ATTEMPTS = 4;
  private static final Duration PAUSE = Duration.ofMillis(150);

  private final ChainId chain;
  private final Panel panel;
  private final Witnesses witnesses;
  private final EventQueue events;

  BlockDesk(ChainId chain, Panel panel, Witnesses witnesses, EventQueue events) {
    this.chain = chain;
    this.panel = panel;
    this.witnesses = witnesses;
    this.events = events;
  }

  /** False if the block left the canonical chain of {@code endpoint} meanwhile. */
  boolean process(Endpoint endpoint, Block block, Instant seen) throws Fault, InterruptedException {
    if (block.transactions().isEmpty()) {
      return true;
    }
    Optional<Map<Hash32, Ballot.Result<TxTrace>>> results = traced(endpoint, block);
    if (results.isEmpty()) {
      return false;
    }
    for (Ballot.Result<TxTrace> result : results.get().values()) {
      if (result.evidence().isPresent()) {
        events.put(new ChainEvent.Traced(result.evidence().get(), result.agreement(), seen));
      }
    }
    return true;
  }

  private void report(String endpoint, TroubleKind kind, String detail) {
    events.alarm(new ChainEvent.Trouble(chain, endpoint, kind, detail));
  }

  private Optional<Map<Hash32, Ballot.Result<TxTrace>>> traced(Endpoint endpoint, Block block)
      throws Fault, InterruptedException {
    for (int attempt = 1; true; attempt++) {
      Map<Hash32, Ballot.Result<TxTrace>> results = witnesses.mined(block, block.transactions());
      long missing = results.values().stream().filter(Witnesses::absent).count();
      if (missing == 0 || attempt >= ATTEMPTS) {
        announce(endpoint, block, results, missing);
        return Optional.of(results);
      }
      Optional<Block> same = endpoint.block(block.ref().number());
      if (same.isPresent() && !same.get().ref().hash().equals(block.ref().hash())) {
        return Optional.empty();
      }
      if (panel.endpoints().stream().noneMatch(BlockDesk::traces)) {
        announce(endpoint, block, results, missing);
        return Optional.of(results);
      }
      Thread.sleep(PAUSE.multipliedBy(attempt));
    }
  }

  private static boolean traces(Endpoint endpoint) {
    return endpoint.can(Capability.TRACE_TRANSACTION) || endpoint.can(Capability.TRACE_BLOCK);
  }

  private void announce(
      Endpoint endpoint, Block block, Map<Hash32, Ballot.Result<TxTrace>> results, long missing) {
    if (missing > 0) {
      report(
          endpoint.name(),
          TroubleKind.UNTRACED,
          missing
              + " of "
              + results.size()
              + " transactions of block "
              + block.ref().number()
              + ": "
              + reason(results.values().stream().filter(Witnesses::absent).findFirst()));
    }
    Optional<Ballot.Result<TxTrace>> disputed =
        results.values().stream().filter(Ballot.Result::disputed).findFirst();
    if (disputed.isPresent()) {
      report(
          endpoint.name(),
          TroubleKind.DISAGREEMENT,
          "block " + block.ref().number() + ": " + reason(disputed));
    }
  }

  private static String reason(Optional<Ballot.Result<TxTrace>> result) {
    return result
        .map(
            r ->
                switch (r.agreement()) {
                  case Agreement.Lacking(String why) -> why;
                  case Agreement.Agreed(int count, Set<String> operators) ->
                      count + " endpoints of " + operators + " outvote another";
                })
        .orElse("");
  }
}
