package io.tocsin.detect.signature;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.StateDiff;
import io.tocsin.detect.Asset;
import io.tocsin.detect.TraceFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one transaction, or in several of one address in their order, as events: each
 * with its kind, its parties, and the place where it ends. The sender's side is one party, and what
 * it does within itself is no event. Immutable.
 */
public final class Course {
  /** More events than this are not looked at. */
  static final int MAX_EVENTS = 500_000;

  static final int NOBODY = 0;
  static final int SENDER = 1;
  static final int NATIVE = 2;

  /** The first account that is none of the above. */
  static final int ACCOUNTS = 3;

  static final int NOBODY_BIT = 1 << 8;
  static final int SENDER_BIT = 1 << 9;
  static final int NATIVE_BIT = 1 << 10;
  static final int TRAIT_BITS = 11;

  /**
   * One transaction.
   *
   * @param writes what it changed in the state, where that was recorded
   */
  public record Part(TraceFacts facts, Optional<StateDiff> writes) {}

  /** One event; {@code frame} is that of the call tree of transaction {@code part}. */
  record Event(EventKind kind, int from, int to, int asset, @Nullable Action action, Place place) {}

  /** Where an event stands, and the number that it carries. */
  record Place(int part, int frame, double amount, @Nullable Hash32 slot) {}

  private final List<Part> parts;
  private final Codes codes;
  private final List<Event> events;
  private final int[] ends;
  private final List<Address> accounts;
  private final int[] masks;
  private final boolean writesKnown;
  private final boolean tooLarge;
  private final Map<Integer, Double> moved;

  Course(List<Part> parts, Codes codes, CourseReader read) {
    this.parts = List.copyOf(parts);
    this.codes = codes;
    this.events = List.copyOf(read.events());
    this.ends = read.ends();
    this.accounts = List.copyOf(read.accounts());
    this.masks = read.masks();
    this.writesKnown = parts.stream().allMatch(p -> p.writes().isPresent());
    this.tooLarge = read.tooLarge();
    this.moved = Map.copyOf(read.moved());
  }

  /** One transaction, of which nothing else is known. */
  public static Course of(TraceFacts facts) {
    return of(List.of(new Part(facts, Optional.empty())), Codes.UNKNOWN);
  }

  /** Transactions in their order. */
  public static Course of(List<Part> parts, Codes codes) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a course has a transaction");
    }
    return new Course(parts, codes, new CourseReader(parts));
  }

  /** Its transactions. */
  public List<Part> parts() {
    return parts;
  }

  int size() {
    return events.size();
  }

  Event event(int index) {
    return events.get(index);
  }

  /** The index behind the last event within this one. */
  int end(int index) {
    return ends[index];
  }

  boolean writesKnown() {
    return writesKnown;
  }

  boolean tooLarge() {
    return tooLarge;
  }

  /** The traits of a party, and what else it is, as bits. */
  int mask(int party) {
    return masks[party];
  }

  Set<Trait> traits(int party) {
    return Trait.of(masks[party]);
  }

  /** The address of a party that has one. */
  Address address(int party) {
    return accounts.get(party);
  }

  Optional<CodeFingerprint> code(int party) {
    return codes.of(address(party));
  }

  double moved(int party) {
    return moved.getOrDefault(party, 1.0);
  }

  /** What the sender's side gained of an asset, in all transactions together. */
  double gained(int asset) {
    return parts.stream()
        .map(p -> p.facts().gains().get(asset(asset)))
        .mapToDouble(v -> v == null ? 0 : v.doubleValue())
        .sum();
  }

  double lost(int party, int asset) {
    return parts.stream()
        .map(p -> p.facts().losses(address(party)).get(asset(asset)))
        .mapToDouble(v -> v == null ? 0 : v.doubleValue())
        .sum();
  }

  Asset asset(int party) {
    return party == NATIVE ? Asset.NATIVE : new Asset.Token(address(party));
  }
}
