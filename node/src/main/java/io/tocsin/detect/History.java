package io.tocsin.detect;

import io.tocsin.base.Address;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;

/**
 * What earlier transactions showed about the accounts of this one: who made which contract, and how
 * much they used to pay.
 */
public record History(Map<Address, Address> creators, Map<Address, Map<Asset, Habit>> habits) {
  /** Nothing is known. */
  public static final History NONE = new History(Map.of());

  /**
   * What an account paid of one asset, net of what the same transaction gave it.
   *
   * @param now in the running hour, before this transaction
   * @param most in any one hour before it
   * @param hours the number of earlier hours in which it paid anything
   */
  public record Habit(BigInteger now, BigInteger most, int hours) {}

  public History {
    creators = Map.copyOf(creators);
    habits = Map.copyOf(habits);
  }

  /** Only who made which contract. */
  public History(Map<Address, Address> creators) {
    this(creators, Map.of());
  }

  /** The sender of the transaction that made {@code contract}, if it was seen. */
  public Optional<Address> creator(Address contract) {
    return Optional.ofNullable(creators.get(contract));
  }

  /** What {@code account} used to pay of {@code asset}, if it was seen to. */
  public Optional<Habit> habit(Address account, Asset asset) {
    return Optional.ofNullable(habits.getOrDefault(account, Map.of()).get(asset));
  }
}
