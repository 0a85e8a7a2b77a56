package io.tocsin.exposure;

import io.tocsin.base.Address;
import java.time.Instant;
import java.util.Optional;

/** Tells how long an account of one chain has had code. Thread-safe. */
public interface CodeAge {
  /**
   * The time of a block, not after {@code before}, at which agreeing endpoints saw code of {@code
   * account}; empty if it had none then, or if they cannot say (state that old needs archive
   * nodes).
   */
  Optional<Instant> knownSince(Address account, Instant before);
}
