package io.tocsin.policy;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an owner should know of levers that touch pauses which are not their own. */
final class LeverWarnings {
  /** What a guardian takes for one pause. */
  private record Pause(AccountId guardian, Lever.Probe probe) {}

  /** What is done to make and to undo it. */
  private record Pull(Address target, Address safe, Bytes call, Bytes release) {}

  private final Map<Pause, Map<Pull, String>> pulls = new LinkedHashMap<>();

  LeverWarnings(List<Protection> protections) {
    for (Protection protection : protections) {
      for (Mandate mandate : protection.mandates()) {
        pulls
            .computeIfAbsent(pause(protection, mandate.lever()), _ -> new LinkedHashMap<>())
            .putIfAbsent(pull(mandate.lever()), mandate.lever().name());
      }
    }
  }

  private static Pause pause(Protection protection, Lever lever) {
    return new Pause(protection.guard().account(), lever.calls().probe());
  }

  private static Pull pull(Lever lever) {
    return new Pull(lever.target(), lever.safe(), lever.calls().call(), lever.calls().release());
  }

  /** The warnings about one lever. */
  List<String> of(Protection protection, Lever lever) {
    List<String> warnings = new ArrayList<>();
    coarse(lever).ifPresent(warnings::add);
    Map<Pull, String> others =
        new LinkedHashMap<>(pulls.getOrDefault(pause(protection, lever), Map.of()));
    others.remove(pull(lever));
    if (!others.isEmpty()) {
      warnings.add(
          lever.name()
              + " and "
              + String.join(" and ", others.values())
              + " make different calls and read the same probe, so that the guardian takes them for"
              + " one pause: a trip of a stronger class undoes the other's call before it makes its"
              + " own; give each a probe that reads what only it changes");
    }
    return warnings;
  }

  private static Optional<String> coarse(Lever lever) {
    return KnownCalls.coarse(lever.calls().release())
        .or(() -> KnownCalls.coarse(lever.calls().call()))
        .map(
            coarse ->
                lever.name()
                    + " "
                    + coarse.effect()
                    + ", so that its release undoes what was paused by hand, too: "
                    + coarse.remedy());
  }
}
