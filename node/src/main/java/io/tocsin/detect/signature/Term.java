package io.tocsin.detect.signature;

import java.util.List;
import java.util.stream.Stream;

/** A number in a condition of a signature. */
public sealed interface Term {
  /** A number as written. */
  record Constant(double value) implements Term {}

  /** What moved, or the price shown, in the step with this number. */
  record Amount(int step) implements Term {}

  /** By what factor, at least 1, the price moved that the account of this role shows. */
  record Moved(int role) implements Term {}

  /** What the sender's side gained of an asset on balance. */
  record Gain(Party asset) implements Term {}

  /** What the account of a role lost of an asset on balance. */
  record Lost(int role, Party asset) implements Term {}

  /** Two numbers added, subtracted, multiplied or divided; division by zero is no number. */
  record Combined(Operator operator, Term left, Term right) implements Term {}

  /** How two numbers are combined. */
  enum Operator {
    ADD('+'),
    SUBTRACT('-'),
    MULTIPLY('*'),
    DIVIDE('/');

    private final char sign;

    Operator(char sign) {
      this.sign = sign;
    }

    /** As written. */
    public char sign() {
      return sign;
    }

    double of(double a, double b) {
      return switch (this) {
        case ADD -> a + b;
        case SUBTRACT -> a - b;
        case MULTIPLY -> a * b;
        case DIVIDE -> b == 0 ? Double.NaN : a / b;
      };
    }
  }

  /** Everything that it consists of, itself included. */
  default Stream<Term> parts() {
    return this instanceof Combined(Operator _, Term left, Term right)
        ? Stream.concat(Stream.of(this), Stream.concat(left.parts(), right.parts()))
        : Stream.of(this);
  }

  /** The steps whose amounts it needs. */
  default List<Integer> steps() {
    return parts().filter(Amount.class::isInstance).map(t -> ((Amount) t).step()).toList();
  }

  /** The roles that must be played before it has a value. */
  default List<Integer> roles() {
    return parts()
        .flatMap(
            part ->
                switch (part) {
                  case Moved(int role) -> Stream.of(role);
                  case Gain(Party.Player(int role)) -> Stream.of(role);
                  case Gain _ -> Stream.<Integer>of();
                  case Lost(int role, Party.Player(int asset)) -> Stream.of(role, asset);
                  case Lost(int role, Party _) -> Stream.of(role);
                  case Constant _, Amount _, Combined _ -> Stream.<Integer>of();
                })
        .toList();
  }
}
