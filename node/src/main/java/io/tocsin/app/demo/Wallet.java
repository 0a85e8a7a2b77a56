package io.tocsin.app.demo;

import io.tocsin.app.demo.BlockBuilder.Submission;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.Transaction1559;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.Signer;
import java.util.Optional;

/** An account of the demonstration world that sends transactions on one chain. One owner. */
final class Wallet {
  private final Signer key;
  private final BlockBuilder builder;
  private long nonce;

  /** The account of {@code key}, which must not have sent anything yet. */
  Wallet(Signer key, BlockBuilder builder) {
    this.key = key;
    this.builder = builder;
  }

  /** The account. */
  Address address() {
    return key.address();
  }

  /** The next nonce. */
  long nonce() {
    return nonce;
  }

  /** Goes on from the nonce {@code next}, after the chain was set back. */
  void rewind(long next) {
    nonce = next;
  }

  /**
   * Signs and submits {@code call}.
   *
   * @throws IllegalStateException if the builder declines it
   */
  Hash32 send(TxCall call, Gas gas, Fees fees, Terms terms) {
    var signed = new Transaction1559(builder.chain().id(), nonce, fees, gas, call).sign(key);
    return switch (builder.submit(signed.encoded(), terms)) {
      case Submission.Pooled(Hash32 tx) -> {
        nonce++;
        yield tx;
      }
      case Submission.Declined(var error) ->
          throw new IllegalStateException(address() + " cannot send: " + error);
    };
  }

  /** Bids {@code fees} for {@code call} in place of the last one sent; empty if it is declined. */
  Optional<Hash32> rebid(TxCall call, Gas gas, Fees fees, Terms terms) {
    var signed = new Transaction1559(builder.chain().id(), nonce - 1, fees, gas, call).sign(key);
    return switch (builder.submit(signed.encoded(), terms)) {
      case Submission.Pooled(Hash32 tx) -> Optional.of(tx);
      case Submission.Declined _ -> Optional.empty();
    };
  }

  /** The fees of somebody in no hurry. */
  static Fees ordinaryFees() {
    return new Fees(Wei.gwei(40), Wei.gwei(1));
  }
}
