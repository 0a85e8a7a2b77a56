package io.tocsin.detect.signature;

/** Whom, or which asset, an event of a signature names. */
public sealed interface Party {
  /** The sender of the transaction and all that acts for it, as one. */
  record Sender() implements Party {}

  /** The zero address: where minted tokens come from and burnt ones go. */
  record Nobody() implements Party {}

  /** Anyone, the sender's side included. */
  record Anyone() implements Party {}

  /** The native currency, as an asset. */
  record Native() implements Party {}

  /** The account that plays the role with this number; the same one wherever it is named. */
  record Player(int role) implements Party {}

  Party SENDER = new Sender();
  Party NOBODY = new Nobody();
  Party ANYONE = new Anyone();
  Party NATIVE = new Native();
}
