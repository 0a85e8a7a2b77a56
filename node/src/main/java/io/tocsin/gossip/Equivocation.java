package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.crypto.Envelope;

/**
 * Proof that a member signed two different envelopes under one sequence.
 *
 * @param first the one this node admitted or saw first
 */
public record Equivocation(Envelope first, Envelope second) {
  public Equivocation {
    if (!first.author().equals(second.author())
        || first.sequence() != second.sequence()
        || first.id().equals(second.id())) {
      throw new IllegalArgumentException("these two envelopes do not contradict each other");
    }
  }

  /** Who signed both. */
  public Address author() {
    return first.author();
  }

  /** The sequence that was used twice. */
  public long sequence() {
    return first.sequence();
  }
}
