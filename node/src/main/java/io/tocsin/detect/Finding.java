package io.tocsin.detect;

import io.tocsin.base.Address;
import java.util.List;

/**
 * What detectors say about one victim ({@code subject}) in one transaction; {@code detectors} are
 * their ids, in the order of {@link Detectors#ALL}.
 */
public record Finding(
    List<String> detectors,
    Severity severity,
    Address subject,
    List<Loss> losses,
    Explanation why) {
  public Finding {
    detectors = List.copyOf(detectors);
    losses = List.copyOf(losses);
    if (detectors.isEmpty()) {
      throw new IllegalArgumentException("a finding names its detector");
    }
  }
}
