package io.tocsin.adapter.contract;

import io.tocsin.base.AccountId;
import io.tocsin.base.EventLog;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import java.util.List;

/** What an operator reads of the responder. */
public final class ResponderEvents extends EventLog {
  private static final String BUNDLES = "tocsin_bundles_total";

  private final Metrics metrics;

  /** Counting in {@code metrics}. */
  public ResponderEvents(Metrics metrics) {
    super("io.tocsin.responder", metrics);
    this.metrics = metrics;
  }

  void balanceLow(AccountId account, Wei balance, Wei threshold) {
    alarm(
        "responder_balance_low",
        "The responder "
            + account
            + " holds "
            + balance.toEther().toPlainString()
            + " ether, less than "
            + threshold.toEther().toPlainString()
            + ": fund it, or it cannot pause");
  }

  void balanceIs(AccountId account, Wei balance) {
    metrics.gauge(
        "tocsin_responder_balance_ether", account.toString(), balance.toEther().doubleValue());
  }

  void sent(Permit permit, Hash32 tx, List<String> by) {
    info(
        "response_sent",
        "Pause of "
            + permit.action().target()
            + " sent as "
            + tx
            + ", taken by "
            + String.join(", ", by));
  }

  /** What becomes of the bids for {@code permit}. */
  Raising.Ear of(Permit permit) {
    return new Raising.Ear() {
      @Override
      public void raised(Hash32 tx, Fees bid) {
        ResponderEvents.this.raised(permit, tx, bid);
      }

      @Override
      public void overBudget(String why) {
        gasSpent(permit, why);
      }
    };
  }

  private void raised(Permit permit, Hash32 tx, Fees bid) {
    info(
        "response_raised",
        "Pause of " + permit.action().target() + " raised to a tip of " + bid.tip() + " as " + tx);
  }

  private void gasSpent(Permit permit, String why) {
    alarm(
        "response_not_raised",
        "Pause of " + permit.action().target() + " cannot be raised: " + why);
  }

  void takenUp(Permit permit, Hash32 tx) {
    info(
        "response_taken_up",
        "Pause of " + permit.action().target() + " still waits as " + tx + ": it is bid for again");
  }

  void bundleTaken() {
    count(BUNDLES, "taken");
  }

  void bundleRefused(String relay, String why) {
    count(BUNDLES, "refused");
    warn("bundle_refused", "Relay " + relay + " refuses a bundle: " + why);
  }

  void bundleUndelivered(String relay, String why) {
    count(BUNDLES, "undelivered");
    warn("bundle_undelivered", "Relay " + relay + " was not reached: " + why);
  }

  void bundleDropped(String relay) {
    count(BUNDLES, "dropped");
    warn("bundle_dropped", "Relay " + relay + " is too slow: a bundle was not sent");
  }

  void ended(Permit permit, Outcome outcome) {
    switch (outcome) {
      case Outcome.Done(Outcome.Receipt receipt) ->
          info(
              "response_done",
              permit.action().target() + " is paused since block " + receipt.block());
      case Outcome.Refused(Outcome.Refusal reason, String detail) -> {
        count("tocsin_response_refused_total", reason.name());
        alarm(
            "response_refused",
            "The pause of " + permit.action().target() + " failed: " + reason + ", " + detail);
      }
      case Outcome.Unknown(String detail) ->
          alarm(
              "response_unknown",
              "The pause of " + permit.action().target() + " is not settled: " + detail);
    }
  }
}
