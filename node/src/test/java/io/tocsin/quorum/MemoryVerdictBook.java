package io.tocsin.quorum;

import io.tocsin.base.Hash32;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Verdicts in memory. */
public final class MemoryVerdictBook implements VerdictBook {
  private final Map<Hash32, Verdict> verdicts = new ConcurrentHashMap<>();

  @Override
  public Optional<Verdict> verdict(Hash32 claimId) {
    return Optional.ofNullable(verdicts.get(claimId));
  }

  @Override
  public Verdict record(Hash32 claimId, Verdict verdict) {
    Verdict before = verdicts.putIfAbsent(claimId, verdict);
    return before == null ? verdict : before;
  }
}
