package io.tocsin.adapter.contract;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Protection;
import java.util.List;

/**
 * A mandate as it goes on chain: what the owner wrote, who may trip it, and the root of its
 * permitted subjects.
 */
public record Terms(Mandate mandate, List<Address> callers, Hash32 subjectsRoot) {
  public Terms {
    callers = List.copyOf(callers);
  }

  /** The terms of every mandate of a protection, in order. */
  public static List<Terms> of(Protection protection) {
    return protection.mandates().stream()
        .map(m -> new Terms(m, protection.guard().callers(), protection.subjects(m).root()))
        .toList();
  }
}
