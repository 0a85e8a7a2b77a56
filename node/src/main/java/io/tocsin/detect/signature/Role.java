package io.tocsin.detect.signature;

import io.tocsin.base.Hash32;
import java.util.Optional;
import java.util.Set;

/**
 * An account that a signature speaks of without knowing its address.
 *
 * @param traits what is asked of it
 * @param code the normalised fingerprint of its code, where it has to run this code
 */
public record Role(String name, Set<Trait> traits, Optional<Hash32> code) {
  public Role {
    traits = Set.copyOf(traits);
    if (traits.isEmpty()) {
      throw new IllegalArgumentException("a role asks for something");
    }
  }
}
