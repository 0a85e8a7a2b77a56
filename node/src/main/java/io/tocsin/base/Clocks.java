package io.tocsin.base;

import java.time.InstantSource;

/**
 * A node's two clocks.
 *
 * @param wall what time it is, as far as the machine knows: it may be set, forward and back
 * @param steady what passes: for waiting, for expecting answers, for how long something took
 */
public record Clocks(InstantSource wall, InstantSource steady) {
  /** The clocks of a process whose machine says {@code wall}. */
  public static Clocks of(InstantSource wall) {
    return new Clocks(wall, SteadyClock.from(wall));
  }

  /** One clock for both: that of a world whose time is moved by hand. */
  public static Clocks one(InstantSource clock) {
    return new Clocks(clock, clock);
  }
}
