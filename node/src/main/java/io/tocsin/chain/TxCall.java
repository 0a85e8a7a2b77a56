package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Wei;
import java.util.Optional;

/** What a transaction does: whom it calls (nobody when it creates a contract) and with what. */
public record TxCall(Optional<Address> to, Wei value, Bytes input) {
  /** A call of {@code to} that moves no value. */
  public static TxCall of(Address to, Bytes input) {
    return new TxCall(Optional.of(to), Wei.ZERO, input);
  }

  /** A contract creation without value. */
  public static TxCall create(Bytes initCode) {
    return new TxCall(Optional.empty(), Wei.ZERO, initCode);
  }
}
