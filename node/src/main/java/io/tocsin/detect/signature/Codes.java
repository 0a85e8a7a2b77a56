package io.tocsin.detect.signature;

import io.tocsin.base.Address;
import io.tocsin.chain.CodeFingerprint;
import java.util.Optional;

/** Tells what code runs when an account is called; empty where that is not known. */
@FunctionalInterface
public interface Codes {
  /** Nothing is known of any code. */
  Codes UNKNOWN = _ -> Optional.empty();

  /** The fingerprint of the code behind {@code account} before the transaction. */
  Optional<CodeFingerprint> of(Address account);
}
