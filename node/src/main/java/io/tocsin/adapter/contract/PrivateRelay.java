package io.tocsin.adapter.contract;

/**
 * A way to block producers beside the public pool. It is trusted for availability only: what it
 * takes shows on the chain, and what it was given may become public. Thread-safe.
 */
public interface PrivateRelay {
  /** Hands over a bundle and returns at once. */
  void submit(Bundle bundle);
}
