package io.tocsin.detect;

import io.tocsin.base.Address;
import java.util.Map;
import java.util.Optional;

/** What earlier transactions showed about the accounts of this one: who made which contract. */
public record History(Map<Address, Address> creators) {
  /** Nothing is known. */
  public static final History NONE = new History(Map.of());

  public History {
    creators = Map.copyOf(creators);
  }

  /** The sender of the transaction that made {@code contract}, if it was seen. */
  public Optional<Address> creator(Address contract) {
    return Optional.ofNullable(creators.get(contract));
  }
}
