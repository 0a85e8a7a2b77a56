package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import java.util.Optional;

/** Reads code at a past block, behind proxies. Thread-safe. */
public interface CodeView {
  /**
   * The code behind {@code account} in the state after block {@code blockHash}.
   *
   * @return empty when no two agreeing endpoints could say; an account without code has the
   *     fingerprint of no bytes
   */
  Optional<ResolvedCode> codeBehind(Address account, Hash32 blockHash);
}
