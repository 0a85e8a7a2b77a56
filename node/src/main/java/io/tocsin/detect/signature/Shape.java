package io.tocsin.detect.signature;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of an event by itself: its kind, what is asked of its parties (as bits, see
 * {@link Course#mask}), and the number of its action, -1 for any.
 */
record Shape(EventKind kind, long parties, @Nullable Action action) {
  static Shape of(Step step, List<Role> roles) {
    Step.Parties p = step.parties();
    return new Shape(
        step.kind(),
        parties(bits(p.from(), roles), bits(p.to(), roles), bits(p.asset(), roles)),
        step.action().orElse(null));
  }

  static long parties(int from, int to, int asset) {
    return (long) from | (long) to << Course.TRAIT_BITS | (long) asset << (2 * Course.TRAIT_BITS);
  }

  private static int bits(Party party, List<Role> roles) {
    return switch (party) {
      case Party.Anyone _ -> 0;
      case Party.Sender _ -> Course.SENDER_BIT;
      case Party.Nobody _ -> Course.NOBODY_BIT;
      case Party.Native _ -> Course.NATIVE_BIT;
      case Party.Player(int role) -> {
        Set<Trait> traits = roles.get(role).traits();
        yield Trait.mask(traits) | Trait.ACCOUNT.bit();
      }
    };
  }

  /** Whether an event with these parties (all that is true of them) and this action fits. */
  boolean fits(Profile profile) {
    return profile.kind() == kind
        && (profile.parties() & parties) == parties
        && (action == null || action == profile.action());
  }

  /** All that is true of an event by itself. */
  record Profile(EventKind kind, long parties, @Nullable Action action) {
    static Profile of(Course course, Course.Event event) {
      return new Profile(
          event.kind(),
          Shape.parties(
              course.mask(event.from()), course.mask(event.to()), course.mask(event.asset())),
          event.action());
    }
  }
}
