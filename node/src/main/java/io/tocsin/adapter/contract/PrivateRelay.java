package io.tocsin.adapter.contract;

import io.tocsin.chain.SignedTransaction;

/** A way to block producers beside the public pool. Thread-safe; must not block for long. */
public interface PrivateRelay {
  /** The name under which it is shown. */
  String name();

  /** Hands over a transaction; whether it is taken shows on the chain only. */
  void submit(SignedTransaction transaction);
}
