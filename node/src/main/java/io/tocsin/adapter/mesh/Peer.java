package io.tocsin.adapter.mesh;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;

/**
 * Another member, as the mesh needs to know it.
 *
 * @param tlsKeyHash the SHA-256 hash of the SubjectPublicKeyInfo (DER) of its TLS key
 * @param host name or address of its listener
 */
public record Peer(Address account, Hash32 tlsKeyHash, String host, int port) {
  public Peer {
    if (host.isBlank() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not an endpoint: " + host + ":" + port);
    }
  }
}
