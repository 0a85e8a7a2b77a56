package io.tocsin.chain;

import io.tocsin.base.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Recorded state at one block: the values that were fetched before a scan and are kept as evidence,
 * so that the scan can be recomputed. A query without a value was refused by the contract asked, or
 * is among the unanswered. Immutable.
 */
public final class StateReads {
  /** Nothing was read. */
  public static final StateReads NONE = new StateReads(Map.of(), Set.of());

  private final Map<StateQuery, Bytes> values;

  private final Set<StateQuery> unanswered;

  private StateReads(Map<StateQuery, Bytes> values, Set<StateQuery> unanswered) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    this.unanswered = Set.copyOf(unanswered);
  }

  /** These answers, in their order. */
  public static StateReads of(Map<StateQuery, Bytes> values) {
    return of(values, Set.of());
  }

  /**
   * These answers, in their order.
   *
   * @param unanswered what was asked and no agreeing endpoints could say
   */
  public static StateReads of(Map<StateQuery, Bytes> values, Set<StateQuery> unanswered) {
    return values.isEmpty() && unanswered.isEmpty() ? NONE : new StateReads(values, unanswered);
  }

  /** What was asked and could not be read: our own failure, not the contract's answer. */
  public Set<StateQuery> unanswered() {
    return unanswered;
  }

  /** The answer to {@code query}, or empty if it was not read. */
  public Optional<Bytes> value(StateQuery query) {
    return Optional.ofNullable(values.get(query));
  }

  /** All answers, in the order they were asked. */
  public Map<StateQuery, Bytes> values() {
    return values;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof StateReads r && values.equals(r.values) && unanswered.equals(r.unanswered);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.size() + " state reads";
  }
}
