package io.tocsin.detect.signature;

import java.util.ArrayList;
import java.util.List;

/** One condition of a signature: how two numbers compare. */
public record Relation(Term left, Comparison comparison, Term right) {
  /** How two numbers compare. */
  public enum Comparison {
    LESS("<"),
    AT_MOST("<="),
    MORE(">"),
    AT_LEAST(">=");

    private final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }

    /** As written. */
    public String sign() {
      return sign;
    }

    /** Whether it holds; never for what is no number. */
    boolean holds(double a, double b) {
      return switch (this) {
        case LESS -> a < b;
        case AT_MOST -> a <= b;
        case MORE -> a > b;
        case AT_LEAST -> a >= b;
      };
    }
  }

  List<Integer> steps() {
    List<Integer> all = new ArrayList<>(left.steps());
    all.addAll(right.steps());
    return all;
  }

  List<Integer> roles() {
    List<Integer> all = new ArrayList<>(left.roles());
    all.addAll(right.roles());
    return all;
  }
}
