package io.tocsin.detect;

import io.tocsin.base.Address;

/** Something of value that moves: the chain's native currency, or a token. */
public sealed interface Asset {
  /** The native currency, counted in wei. */
  record Native() implements Asset {
    @Override
    public String toString() {
      return "native";
    }
  }

  /** The token kept by this contract, counted in its smallest unit. */
  record Token(Address address) implements Asset {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** The native currency. */
  Asset NATIVE = new Native();
}
