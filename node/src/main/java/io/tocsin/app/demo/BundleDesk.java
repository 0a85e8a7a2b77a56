package io.tocsin.app.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bundles that a block builder holds, each until its block is there. Not thread-safe: its owner
 * is a {@link BlockBuilder}.
 */
final class BundleDesk {
  private static final int MOST = 1_000;

  private final List<HeldBundle> held = new ArrayList<>();

  /** Takes a bundle when block {@code head} is the newest; why not, if it does not. */
  Optional<String> take(HeldBundle bundle, long head) {
    boolean empty = bundle.transactions().isEmpty();
    if (!empty && bundle.block() <= head) {
      return Optional.of("block " + bundle.block() + " is already there");
    }
    bundle.owner().name().ifPresent(_ -> held.removeIf(b -> b.owner().equals(bundle.owner())));
    if (held.size() >= MOST) {
      return Optional.of("too many bundles");
    }
    if (!empty) {
      held.add(bundle);
    }
    return Optional.empty();
  }

  /** Those that may be in block {@code number} with the time {@code second}. */
  List<HeldBundle> offered(long number, long second, HouseRules rules) {
    return held.stream()
        .filter(b -> b.block() == number && b.window().holds(second))
        .filter(b -> rules.takes(b, number))
        .toList();
  }

  /** Block {@code head} is there. */
  void advance(long head) {
    held.removeIf(bundle -> bundle.block() <= head);
  }

  List<HeldBundle> all() {
    return List.copyOf(held);
  }

  void clear() {
    held.clear();
  }
}
