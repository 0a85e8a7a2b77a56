package io.tocsin.quorum;

import java.util.List;

/** Contradictions of members, kept for ever. Thread-safe. */
public interface EvidenceBook {
  /** Keeps {@code evidence}; it is on disk when this returns. A second time changes nothing. */
  void keep(Equivocation evidence);

  /** All that is kept, oldest first. */
  List<Equivocation> all();
}
