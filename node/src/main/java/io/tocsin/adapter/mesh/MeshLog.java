package io.tocsin.adapter.mesh;

import io.tocsin.base.Address;
import io.tocsin.base.EventLog;
import io.tocsin.base.Metrics;
import java.net.InetSocketAddress;

/** What operators read about links between members. Thread-safe. */
public final class MeshLog extends EventLog {
  private final Metrics metrics;

  /** Counts in {@code metrics}. */
  public MeshLog(Metrics metrics) {
    super("tocsin.mesh", metrics);
    this.metrics = metrics;
  }

  void onListening(InetSocketAddress where) {
    info("mesh_listening", "Listening for members at " + where);
  }

  void onLinked(Address peer, boolean dialled) {
    info("mesh_linked", "Linked to " + peer + (dialled ? " (dialled)" : " (was dialled)"));
  }

  void onUnlinked(Address peer, String why) {
    info("mesh_unlinked", "Link to " + peer + " ended: " + why);
  }

  void onUnreachable(Peer peer, String why) {
    warn(
        "mesh_unreachable",
        "Cannot reach " + peer.account() + " at " + peer.host() + ":" + peer.port() + ": " + why);
  }

  void onRefused(String who, Refusal reason) {
    count("tocsin_mesh_refused_total", reason.name());
    switch (reason) {
      case WRONG_FEDERATION, NOT_A_MEMBER, WRONG_TLS_KEY, BAD_SIGNATURE ->
          warn("mesh_refused", "Refused a connection of " + who + ": " + reason);
      case TLS_FAILED, BAD_HELLO, BANNED, TOO_SLOW_OR_BROKEN, TOO_MANY, SECOND_LINK -> {}
    }
  }

  void onAcceptFailure(Exception fault) {
    alarm("mesh_accept_failed", "The listener for members failed and goes on: " + fault);
  }

  void onOurFailure(Address peer, RuntimeException fault) {
    alarm("mesh_failure", "Failed on the link to " + peer + ": " + fault);
  }

  void onDroppedOut() {
    count("tocsin_mesh_dropped_total", "OUT_QUEUE_FULL");
  }

  void onDroppedIn() {
    count("tocsin_mesh_dropped_total", "IN_QUEUE_FULL");
  }

  void onThrottled() {
    count("tocsin_mesh_dropped_total", "IN_OVER_ALLOWANCE");
  }

  void links(int open) {
    metrics.gauge("tocsin_mesh_links", "open", open);
  }
}
