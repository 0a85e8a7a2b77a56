package io.tocsin.quorum;

import java.util.ArrayList;
import java.util.List;

/** Contradictions in memory. */
public final class MemoryEvidenceBook implements EvidenceBook {
  private final List<Equivocation> all = new ArrayList<>();

  @Override
  public synchronized void keep(Equivocation evidence) {
    boolean known =
        all.stream()
            .anyMatch(
                e ->
                    e.member().equals(evidence.member()) && e.claimId().equals(evidence.claimId()));
    if (!known) {
      all.add(evidence);
    }
  }

  @Override
  public synchronized List<Equivocation> all() {
    return List.copyOf(all);
  }
}
