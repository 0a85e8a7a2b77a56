package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.crypto.Envelope;

/**
 * One envelope in wire form as it arrived.
 *
 * @param from the member whose link brought it; our own account for what we publish
 * @param wire the bytes received, kept and passed on as they are
 */
public record Frame(Address from, Bytes wire) {
  /** The largest envelope on the wire, in bytes. */
  public static final int MAX_BYTES = Envelope.MAX_BYTES;
}
