package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;

/** An open connection to a member who proved who it is. Thread-safe; compared by identity. */
public interface Link {
  /** The largest message, in bytes: the largest envelope or a batch. */
  int MAX_BYTES = Frame.MAX_BYTES + (64 << 10);

  /** The member at the other end. */
  Address peer();

  /** Queues an encoded {@link Message}; false when the queue is full and the message is dropped. */
  boolean send(Bytes message);

  /**
   * As {@link #send(Bytes)}, for what {@code author} wrote: a link that is busy serves authors in
   * turn, so that none of them fills it alone.
   */
  default boolean send(Address author, Bytes message) {
    return send(message);
  }

  /** Ends the connection. */
  void end();
}
