package io.tocsin.bench;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Canon;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.PendingTrials;
import io.tocsin.chain.ResolvedCode;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceSource;
import io.tocsin.pipeline.ChainPorts;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** A chain that answers at once, from what it was told. */
final class ToldChain implements TraceSource {
  private final ChainId chain;
  private final BlockingQueue<ChainEvent> events = new LinkedBlockingQueue<>();
  private final Map<Hash32, ChainEvent.Traced> known = new ConcurrentHashMap<>();
  private final Map<Address, ResolvedCode> codes = new ConcurrentHashMap<>();

  ToldChain(ChainId chain) {
    this.chain = chain;
  }

  ChainPorts ports() {
    return new ChainPorts(
        this,
        (_, _) -> StateReads.NONE,
        (account, _) -> Optional.of(codes.computeIfAbsent(account, ToldChain::code)),
        (_, _) -> Optional.empty(),
        _ -> new PendingTrials.Trial.Unavailable("nothing is pending"),
        new Young());
  }

  /** No block lies deep enough to void a claim. */
  private static final class Young implements Canon {
    @Override
    public Canon.Answer deep(long number) {
      return new Canon.Answer.Open("the chain is young");
    }

    @Override
    public OptionalLong number(Hash32 block) {
      return OptionalLong.empty();
    }
  }

  /** Code of its own for every account. */
  private static ResolvedCode code(Address account) {
    return new ResolvedCode(account, Optional.empty(), CodeFingerprint.of(account.bytes()));
  }

  void tell(ChainEvent event) {
    if (event instanceof ChainEvent.Traced traced) {
      know(traced);
    }
    events.add(event);
  }

  void know(ChainEvent.Traced traced) {
    known.put(traced.trace().tx(), traced);
  }

  @Override
  public ChainId chain() {
    return chain;
  }

  @Override
  public ChainEvent take() throws InterruptedException {
    return events.take();
  }

  @Override
  public void processed(BlockRef block) {}

  @Override
  public TraceSource.Answer trace(Hash32 tx) {
    ChainEvent.Traced traced = known.get(tx);
    return traced == null
        ? new TraceSource.Answer.Absent("it was never told")
        : new TraceSource.Answer.Found(traced);
  }

  @Override
  public void close() {}
}
