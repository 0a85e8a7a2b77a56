package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;

/** One question about an account's state at a block. */
public sealed interface StateQuery {
  /** The native balance; answered by its big-endian bytes in one 32-byte word. */
  record NativeBalance(Address account) implements StateQuery {}

  /** What {@code to} returns when called with {@code data} by nobody in particular. */
  record Call(Address to, Bytes data) implements StateQuery {}

  /** The runtime code. */
  record Code(Address account) implements StateQuery {}

  /** One storage word. */
  record Storage(Address account, Hash32 slot) implements StateQuery {}
}
