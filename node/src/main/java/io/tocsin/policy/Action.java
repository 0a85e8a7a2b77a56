package io.tocsin.policy;

import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import java.time.Duration;

/**
 * One pull of one lever, asked for and not yet permitted.
 *
 * @param guardian the guardian contract
 * @param mandateId its name for the mandate
 * @param why the path from the claim to the protected contract, in words
 */
public record Action(
    AccountId guardian,
    Hash32 mandateId,
    Trigger trigger,
    Mandate mandate,
    Bounds bounds,
    String why) {
  /**
   * Bounds that hold across the mandates of one contract.
   *
   * @param pausedCap the most pause of a target in 30 days
   * @param softestRung the lowest rung among its levers
   */
  public record Bounds(Duration pausedCap, int softestRung) {}

  /** The contract to be paused. */
  public AccountId target() {
    return new AccountId(guardian.chain(), mandate.lever().target());
  }
}
