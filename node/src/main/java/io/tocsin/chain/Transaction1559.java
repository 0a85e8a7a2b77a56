package io.tocsin.chain;

import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.Signer;
import java.util.ArrayList;
import java.util.List;

/**
 * An unsigned transaction of type 2 with an empty access list.
 *
 * @see <a href="https://eips.ethereum.org/EIPS/eip-1559">EIP-1559</a>
 */
public record Transaction1559(ChainId chain, long nonce, Fees fees, Gas gas, TxCall call) {
  public Transaction1559 {
    if (nonce < 0) {
      throw new IllegalArgumentException("a nonce is not negative: " + nonce);
    }
  }

  /** The signed transaction; equal for equal keys and fields where the key signs so (RFC 6979). */
  public SignedTransaction sign(Signer signer) {
    List<Object> body =
        new ArrayList<>(
            List.of(
                Rlp.number(chain.evmId()),
                Rlp.number(nonce),
                Rlp.number(fees.tip().amount()),
                Rlp.number(fees.cap().amount()),
                Rlp.number(gas.amount()),
                Rlp.to(call.to()),
                Rlp.number(call.value().amount()),
                call.input().toArray(),
                List.of()));
    Hash32 digest = Keccak.hash(Bytes.of((byte) 2).concat(Rlp.list(body)));
    return SignedTransaction.assemble(2, body, signer.sign(digest));
  }
}
