package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.EventLog;
import io.tocsin.base.Metrics;

/** What operators read about gossip. Thread-safe. */
public final class GossipLog extends EventLog {
  private static final String RESULTS = "tocsin_admission_total";
  private static final String DELIVERIES = "tocsin_delivery_total";
  private static final String PULLS = "tocsin_pull_total";
  private static final String MISBEHAVIOUR = "tocsin_peer_misbehaviour_total";

  /** Counts in {@code metrics}. */
  public GossipLog(Metrics metrics) {
    super("tocsin.gossip", metrics);
  }

  void onResult(AdmissionResult result) {
    count(RESULTS, result.label());
  }

  void onDelivered() {
    count(DELIVERIES, "DELIVERED");
  }

  void onAuthorGone() {
    count(DELIVERIES, "AUTHOR_GONE");
  }

  void onPull(String outcome) {
    count(PULLS, outcome);
  }

  void onEquivocation(Equivocation proof) {
    alarm(
        "equivocation",
        "Member "
            + proof.author()
            + " signed two different messages under number "
            + proof.sequence()
            + " ("
            + proof.first().id()
            + " and "
            + proof.second().id()
            + "): both are kept as evidence");
  }

  void onOurFailure(String doing, RuntimeException fault) {
    alarm("gossip_failure", "Failed while " + doing + ": " + fault);
  }

  void onListenerFailure(Address author, long sequence, RuntimeException fault) {
    alarm(
        "listener_failure", "Handling message " + sequence + " of " + author + " failed: " + fault);
  }

  void onMisbehaviour(Misbehaviour fault) {
    count(MISBEHAVIOUR, fault.name());
  }

  void onBan(Address peer, Misbehaviour last) {
    warn("peer_banned", "Peer " + peer + " is shut out for a while, at last for " + last);
  }
}
