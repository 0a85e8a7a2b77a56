package io.tocsin.chain;

import io.tocsin.base.ChainId;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.Signer;
import java.util.ArrayList;
import java.util.List;

/**
 * An unsigned transaction of type 0, bound to its chain.
 *
 * @see <a href="https://eips.ethereum.org/EIPS/eip-155">EIP-155</a>
 */
public record TransactionLegacy(ChainId chain, long nonce, Wei gasPrice, Gas gas, TxCall call) {
  public TransactionLegacy {
    if (nonce < 0) {
      throw new IllegalArgumentException("a nonce is not negative: " + nonce);
    }
  }

  /** The signed transaction. */
  public SignedTransaction sign(Signer signer) {
    List<Object> body =
        List.of(
            Rlp.number(nonce),
            Rlp.number(gasPrice.amount()),
            Rlp.number(gas.amount()),
            Rlp.to(call.to()),
            Rlp.number(call.value().amount()),
            call.input().toArray());
    List<Object> signed = new ArrayList<>(body);
    signed.addAll(List.of(Rlp.number(chain.evmId()), new byte[0], new byte[0]));
    Hash32 digest = Keccak.hash(Rlp.list(signed));
    var signature = signer.sign(digest);
    return SignedTransaction.assembleLegacy(
        body, signature, chain.evmId() * 2 + 35 + signature.recoveryId());
  }
}
