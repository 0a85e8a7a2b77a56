package io.tocsin.policy;

import io.tocsin.base.Hash32;

/**
 * One permission of an owner: which lever may be pulled for which class of trigger, how often, and
 * on what terms.
 *
 * @param id the guardian contract's name for it; zero while it is not on chain
 */
public record Mandate(
    String name,
    Hash32 id,
    BudgetClass budgetClass,
    Lever lever,
    Limits limits,
    Judgement judgement) {
  public Mandate {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a mandate needs a name");
    }
  }

  /** The same mandate as the guardian contract knows it. */
  public Mandate withId(Hash32 assigned) {
    return new Mandate(name, assigned, budgetClass, lever, limits, judgement);
  }
}
