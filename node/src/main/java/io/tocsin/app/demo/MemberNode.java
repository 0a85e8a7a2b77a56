package io.tocsin.app.demo;

import io.tocsin.app.Node;
import io.tocsin.base.Bytes;
import io.tocsin.crypto.Signer;
import io.tocsin.crypto.Topic;

/**
 * A member's running node.
 *
 * @param key the member's attest key; only the liar's is used
 */
record MemberNode(Resident resident, Signer key, Node node) implements AutoCloseable {
  /** The member's name. */
  String name() {
    return resident.cast().name();
  }

  /** Publishes a message as this member; only the liar does so by hand. */
  void publish(Topic<?> topic, Bytes payload) {
    node.publish(topic, payload);
  }

  /** Where to look at it while it runs. */
  String describe() {
    return name() + ": " + resident.home() + ", http://127.0.0.1:" + node.statusPort() + "/metrics";
  }

  @Override
  public void close() {
    try (key) {
      node.close();
    }
  }
}
