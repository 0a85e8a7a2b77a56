package io.tocsin.adapter.rpc;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Receipt;
import io.tocsin.chain.Trie;
import io.tocsin.chain.TxTrace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one endpoint says of a block and of transactions in it.
 *
 * @param own the block as it shows it
 * @param good traces that its own receipts match
 * @param bad other traces
 * @param why what is wrong, by transaction
 * @param receiptsProven whether the receipts are all of those that the block's header commits to
 */
record Testimony(
    Block own,
    Map<Hash32, Receipt> receipts,
    Map<Hash32, TxTrace> good,
    Map<Hash32, TxTrace> bad,
    Map<Hash32, String> why,
    boolean receiptsProven) {
  /** Of a block of which only the list of transactions is known. */
  static Testimony ofNothing(Block own) {
    return new Testimony(own, Map.of(), Map.of(), Map.of(), Map.of(), proven(own, Map.of()));
  }

  /** Holds the traces of {@code asked} against the receipts of the same endpoint. */
  static Testimony of(
      Block own, List<Hash32> asked, Map<Hash32, TxTrace> traces, Map<Hash32, Receipt> receipts) {
    Testimony out =
        new Testimony(
            own,
            receipts,
            new HashMap<>(),
            new HashMap<>(),
            new HashMap<>(),
            proven(own, receipts));
    for (Hash32 tx : asked) {
      TxTrace trace = traces.get(tx);
      if (trace == null) {
        out.why.put(tx, "no trace");
        continue;
      }
      Optional<String> fault = out.mismatch(tx, trace);
      if (fault.isEmpty()) {
        out.good.put(tx, trace);
      } else {
        out.bad.put(tx, trace);
        out.why.put(tx, fault.get());
      }
    }
    return out;
  }

  private Optional<String> mismatch(Hash32 tx, TxTrace trace) {
    Receipt receipt = receipts.get(tx);
    if (receipt == null) {
      return Optional.of("no receipt");
    }
    return receipt.block().equals(own.ref().hash())
        ? receipt.mismatch(trace)
        : Optional.of("the receipt is of another block");
  }

  private static boolean proven(Block own, Map<Hash32, Receipt> receipts) {
    List<Bytes> encoded = new ArrayList<>();
    for (Hash32 tx : own.transactions()) {
      Receipt receipt = receipts.get(tx);
      if (receipt == null || receipt.encoded().isEmpty()) {
        return false;
      }
      encoded.add(receipt.encoded().get());
    }
    return own.whole()
        && own.header().map(header -> header.receipts().equals(Trie.ofList(encoded))).orElse(false);
  }
}
