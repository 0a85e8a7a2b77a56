package io.tocsin.app.demo;

import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Limits;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A lender under guard: on whose account it pauses, and within which bounds.
 *
 * @param siblings whose robbery makes it pause, too
 * @param floor the dollars that a sibling must lose for that
 * @param limits of the mandate of each class that it has
 */
record Ward(Lender lender, List<Lender> siblings, long floor, Map<BudgetClass, Limits> limits) {
  Ward {
    siblings = List.copyOf(siblings);
    limits = Collections.unmodifiableMap(new EnumMap<>(limits));
  }

  /** The classes of its mandates, in their order on chain. */
  List<BudgetClass> classes() {
    return List.copyOf(limits.keySet());
  }
}
