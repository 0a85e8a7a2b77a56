package io.tocsin;

import io.tocsin.base.MalformedException;
import java.util.Optional;

/** Calls a decoder that may do two things with foreign bytes: accept or refuse them. */
public final class Refusal {
  private Refusal() {}

  /** A decoder at work. */
  @FunctionalInterface
  public interface Decoding<T> {
    /**
     * What was read.
     *
     * @throws MalformedException if it is refused
     */
    T read() throws MalformedException;
  }

  /** What was read, or empty if it was refused with a reason; anything else is a failure. */
  public static <T> Optional<T> orValue(Decoding<T> decoding) {
    try {
      return Optional.of(decoding.read());
    } catch (MalformedException e) {
      if (e.getMessage() == null || e.getMessage().length() > 100_000) {
        throw new AssertionError("a refusal says why, in a few words", e);
      }
      return Optional.empty();
    }
  }
}
