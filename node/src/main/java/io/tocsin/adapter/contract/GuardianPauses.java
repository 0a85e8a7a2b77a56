package io.tocsin.adapter.contract;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.respond.PauseView;
import java.util.Map;

/** Pauses as guardian contracts have them on record, by the word of agreeing endpoints. */
public final class GuardianPauses implements PauseView {
  private final Map<ChainId, ChainAccess> chains;

  /** On these chains. */
  public GuardianPauses(Map<ChainId, ChainAccess> chains) {
    this.chains = Map.copyOf(chains);
  }

  @Override
  public Standing standing(AccountId guardian, Hash32 mandate) {
    ChainAccess access = chains.get(guardian.chain());
    if (access == null) {
      return new Standing.Unavailable(guardian.chain() + " is not watched");
    }
    try {
      GuardianContract contract = new GuardianContract(guardian.address(), access);
      GuardianContract.Trip trip = contract.trip(mandate);
      return trip.inForce()
          ? new Standing.InForce(trip.until(), trip.ratified(), contract.isPaused(mandate))
          : new Standing.Over();
    } catch (ChainException e) {
      return new Standing.Unavailable(String.valueOf(e.getMessage()));
    }
  }
}
