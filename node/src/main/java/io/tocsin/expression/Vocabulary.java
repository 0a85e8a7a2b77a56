package io.tocsin.expression;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variables a condition may read and their types. Names may be dotted, such as {@code
 * claim.kind}.
 */
public record Vocabulary(Map<String, Type> variables) {
  public Vocabulary {
    variables = Map.copyOf(variables);
    if (variables.isEmpty()) {
      throw new IllegalArgumentException("a condition needs at least one variable");
    }
  }

  /** What a variable holds, and the Java class of its value. */
  public enum Type {
    /** {@link Boolean}. */
    BOOLEAN,
    /** {@link Long}. */
    INTEGER,
    /** {@link Double}. */
    NUMBER,
    /** {@link String} of at most 256 characters. */
    TEXT,
    /** {@link java.util.List} of at most 100 strings of at most 256 characters. */
    TEXTS
  }

  /** The names in order, with their types, for people. */
  public String listed() {
    StringBuilder out = new StringBuilder();
    new TreeMap<>(variables)
        .forEach(
            (name, type) ->
                out.append(out.isEmpty() ? "" : ", ")
                    .append(name)
                    .append(" (")
                    .append(type.name().toLowerCase(Locale.ROOT))
                    .append(')'));
    return out.toString();
  }
}
