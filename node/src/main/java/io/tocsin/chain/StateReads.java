package io.tocsin.chain;

import io.tocsin.base.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Recorded state at one block: the values that were fetched before a scan and are kept as evidence,
 * so that the scan can be recomputed. A query without a value could not be answered. Immutable.
 */
public final class StateReads {
  /** Nothing was read. */
  public static final StateReads NONE = new StateReads(Map.of());

  private final Map<StateQuery, Bytes> values;

  private StateReads(Map<StateQuery, Bytes> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** These answers, in their order. */
  public static StateReads of(Map<StateQuery, Bytes> values) {
    return values.isEmpty() ? NONE : new StateReads(values);
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
    return o instanceof StateReads r && values.equals(r.values);
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
