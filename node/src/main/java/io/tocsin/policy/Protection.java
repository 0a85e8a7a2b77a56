package io.tocsin.policy;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.exposure.Interest;
import io.tocsin.risk.Valuation;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Everything an owner wrote about one contract: what it is, who guards it, and what may be done for
 * it.
 *
 * @param sourceChains the chains whose claims count
 * @param blockTime of the contract's chain, on average
 */
public record Protection(
    Interest interest,
    Guard guard,
    Set<ChainId> sourceChains,
    Duration blockTime,
    Valuation valuation,
    List<Mandate> mandates) {
  /** For how many blocks a pending claim may pause at most. */
  public static final int PENDING_BLOCKS = 25;

  public Protection {
    sourceChains = Set.copyOf(sourceChains);
    mandates = List.copyOf(mandates);
  }

  /**
   * The guardian contract.
   *
   * @param callers the responder accounts that may trip
   * @param pausedCap the most pause of a target in 30 days; only direct trips may use the second
   *     half
   */
  public record Guard(AccountId account, List<Address> callers, Duration pausedCap) {
    public Guard {
      callers = List.copyOf(callers);
    }
  }

  /** The longest pause that may rest on a pending claim. */
  public Duration longestPending() {
    Duration blocks = blockTime.multipliedBy(PENDING_BLOCKS);
    Duration longest = BudgetClass.PENDING.longest();
    return blocks.compareTo(longest) < 0 ? blocks : longest;
  }

  /** Whether {@code mandate} is short enough to rest on a pending claim. */
  public boolean servesPending(Mandate mandate) {
    return mandate.limits().duration().compareTo(longestPending()) <= 0;
  }

  /** The permitted subjects of a mandate: the siblings if it is derived, else the contract. */
  public SubjectTree subjects(Mandate mandate) {
    return switch (mandate.budgetClass()) {
      case DERIVED -> SubjectTree.of(interest.terms().subjects());
      case DIRECT, PENDING, LOCAL -> SubjectTree.of(List.of(interest.account()));
    };
  }

  /** The lowest rung among the levers; derived and local trips may pull no other. */
  public int softestRung() {
    return mandates.stream().mapToInt(m -> m.lever().rung()).min().orElse(1);
  }
}
