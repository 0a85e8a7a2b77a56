package io.tocsin.pipeline;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A chain that says what a test tells it to. */
final class FakeChain implements TraceSource {
  final BlockingQueue<ChainEvent> events = new LinkedBlockingQueue<>();
  final Map<Hash32, TraceSource.Answer> traces = new HashMap<>();
  final Map<Hash32, PendingTrials.Trial> trials = new HashMap<>();
  final Map<Address, CodeFingerprint> codes = new HashMap<>();
  final List<BlockRef> processed = new CopyOnWriteArrayList<>();
  final AtomicInteger failures = new AtomicInteger();
  final FakeCanon canon = new FakeCanon();
  volatile StateReads state = StateReads.NONE;
  private final ChainId chain;

  /** What lies deep, as a test tells. */
  static final class FakeCanon implements Canon {
    final Map<Long, BlockRef> deep = new ConcurrentHashMap<>();
    final Map<Hash32, Long> numbers = new ConcurrentHashMap<>();
    final BlockingQueue<Long> asked = new LinkedBlockingQueue<>();

    @Override
    public Canon.Answer deep(long number) {
      BlockRef block = deep.get(number);
      asked.add(number);
      return block == null ? new Canon.Answer.Open("not deep yet") : new Canon.Answer.Deep(block);
    }

    @Override
    public OptionalLong number(Hash32 block) {
      Long number = numbers.get(block);
      return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }
  }

  FakeChain(ChainId chain) {
    this.chain = chain;
  }

  ChainPorts ports() {
    return new ChainPorts(
        this,
        (_, _) -> state,
        (account, _) ->
            Optional.ofNullable(codes.get(account))
                .map(code -> new ResolvedCode(account, Optional.empty(), code)),
        (_, _) -> Optional.empty(),
        tx -> trials.getOrDefault(tx, new PendingTrials.Trial.NotIncludable("it is not pending")),
        canon);
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
  public void processed(BlockRef block) {
    if (failures.getAndDecrement() > 0) {
      throw new IllegalStateException("no space left");
    }
    processed.add(block);
  }

  @Override
  public TraceSource.Answer trace(Hash32 tx) {
    return traces.getOrDefault(tx, new TraceSource.Answer.Absent("nobody knows it"));
  }

  @Override
  public void close() {}
}
