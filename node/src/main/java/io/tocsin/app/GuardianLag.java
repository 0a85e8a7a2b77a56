package io.tocsin.app;

import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.base.Address;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a guardian does not yet know what its federation decided. */
final class GuardianLag {
  private GuardianLag() {}

  /** What {@code guardian} lacks of {@code rosters} at {@code now}, a sentence each. */
  static List<String> of(GuardianContract guardian, Rosters rosters, Instant now)
      throws ChainException {
    if (!guardian.federation().equals(rosters.federation().id())) {
      return List.of(
          guardian.account()
              + " takes certificates of federation "
              + guardian.federation()
              + ", not of "
              + rosters.federation().id());
    }
    List<String> lags = new ArrayList<>();
    long current = guardian.currentEpoch();
    long latest = guardian.latestEpoch();
    Optional<Roster> force = rosters.current(now);
    if (force.isPresent() && force.get().epoch() > current) {
      lags.add(
          guardian.account()
              + " is in epoch "
              + current
              + " and refuses certificates of epoch "
              + force.get().epoch()
              + ", in force since "
              + force.get().term().from()
              + (latest > current
                  ? "; epoch " + latest + " waits there until " + guardian.epoch(latest).from()
                  : "; bring the roster: tocsin guardian rotate"));
    } else if (rosters.latest().roster().epoch() > latest) {
      lags.add(
          guardian.account()
              + " does not know the roster of epoch "
              + rosters.latest().roster().epoch()
              + ", signed to be in force from "
              + rosters.latest().roster().term().from()
              + "; bring it: tocsin guardian rotate");
    }
    Optional<Roster> same = rosters.epoch(current);
    if (same.isPresent() && !same.get().hash().equals(guardian.epoch(current).hash())) {
      lags.add(guardian.account() + " has another roster for epoch " + current);
    }
    if (same.isEmpty()) {
      lags.add(
          guardian.account()
              + " is in epoch "
              + current
              + ", which the federation file does not have; take a newer file");
    }
    if (!now.isBefore(guardian.epoch(current).validUntil())) {
      lags.add(
          guardian.account()
              + " takes no certificate: its roster of epoch "
              + current
              + " ended at "
              + guardian.epoch(current).validUntil());
    }
    for (Address member : rosters.revokedAccounts()) {
      if (!guardian.revoked(member)) {
        lags.add(
            guardian.account()
                + " still counts the revoked key of "
                + member
                + "; tell it: tocsin guardian revoke");
      }
    }
    return List.copyOf(lags);
  }
}
