package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.crypto.Topic;

/** Sends messages to all members, this node included. Thread-safe. */
public interface Gossip {
  /**
   * Signs {@code payload} under our next sequence, admits it through the same door as foreign mail
   * and sends it to every peer. On return the envelope is durable and on its way; our own listener
   * gets it too.
   *
   * @throws IllegalArgumentException if the payload exceeds the topic's limit or nobody listens to
   *     the topic
   * @throws IllegalStateException if our own door refuses it, for instance because we are no member
   *     (any more)
   */
  void publish(Topic<?> topic, Bytes payload);

  /**
   * As {@link #publish}, without waiting: the envelope is sent once it is durable, with the next
   * write that somebody waits for or a moment later.
   */
  default void post(Topic<?> topic, Bytes payload) {
    publish(topic, payload);
  }

  /** How much of the allowance that the others grant us is left now, from 0 to 1. */
  default double room() {
    return 1;
  }

  /**
   * The member signed something that cannot be true for anyone; charged to it as the peer it is.
   */
  default void blame(Address author) {}
}
