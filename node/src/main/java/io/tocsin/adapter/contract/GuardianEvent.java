package io.tocsin.adapter.contract;

import com.esaulpaugh.headlong.abi.Event;
import com.esaulpaugh.headlong.abi.Tuple;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.chain.TraceLog;
import io.tocsin.crypto.Keccak;
import java.time.Instant;
import java.util.Optional;

/** What a guardian says that it did. */
public sealed interface GuardianEvent {
  /**
   * A mandate was tripped.
   *
   * @param lastBlock the last block of a pending trip, zero for others
   */
  record Tripped(
      Hash32 mandate, Hash32 claim, Address target, Address caller, Instant until, long lastBlock)
      implements GuardianEvent {}

  /** The trip of {@code by} goes on with the pause that the trip of {@code from} began. */
  record TakenOver(Hash32 from, Hash32 by) implements GuardianEvent {}

  /** A trip is over; {@code undone} if the release call was made. */
  record Released(Hash32 mandate, Address target, Address caller, boolean undone)
      implements GuardianEvent {}

  /** A roster is on record and comes into force at {@code from}. */
  record RosterAccepted(long epoch, Hash32 hash, Instant from) implements GuardianEvent {}

  /** Any other event, by its name. */
  record Other(String name) implements GuardianEvent {}

  /** The event in {@code log}; empty if it is none of a guardian's. */
  static Optional<GuardianEvent> decode(TraceLog log) {
    if (log.topics().isEmpty()) {
      return Optional.empty();
    }
    for (Event<Tuple> event : GuardianAbi.GUARDIAN.events()) {
      if (Keccak.hashUtf8(event.getCanonicalSignature()).equals(log.topics().getFirst())) {
        byte[][] topics = log.topics().stream().map(Hash32::toArray).toArray(byte[][]::new);
        try {
          return Optional.of(of(event.getName(), event.decodeArgs(topics, log.data().toArray())));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static GuardianEvent of(String name, Tuple a) {
    return switch (name) {
      case "Tripped" ->
          new Tripped(
              hash(a, 0),
              hash(a, 1),
              GuardianAbi.address(a.get(2)),
              GuardianAbi.address(a.get(5)),
              GuardianAbi.time(a.get(6)),
              GuardianAbi.number(a.get(7)));
      case "TakenOver" -> new TakenOver(hash(a, 0), hash(a, 1));
      case "Released" ->
          new Released(
              hash(a, 0), GuardianAbi.address(a.get(1)), GuardianAbi.address(a.get(2)), a.get(3));
      case "RosterAccepted" ->
          new RosterAccepted(GuardianAbi.number(a.get(0)), hash(a, 1), GuardianAbi.time(a.get(2)));
      default -> new Other(name);
    };
  }

  private static Hash32 hash(Tuple arguments, int index) {
    return Hash32.of(arguments.<byte[]>get(index));
  }
}
