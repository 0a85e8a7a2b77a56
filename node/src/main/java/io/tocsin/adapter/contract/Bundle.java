package io.tocsin.adapter.contract;

import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TransactionJson;
import io.tocsin.crypto.Keccak;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * Transactions that belong into block {@code block} together and in this order, or not at all.
 *
 * @param name under which a later bundle takes this one's place
 * @param mayRevert those of them that may fail
 */
public record Bundle(
    UUID name, long block, List<SignedTransaction> transactions, Set<Hash32> mayRevert) {
  public Bundle {
    transactions = List.copyOf(transactions);
    mayRevert = Set.copyOf(mayRevert);
  }

  /** The response to {@code permit} by itself: whatever it pays, it is in the block or not. */
  static Bundle alone(Hash32 permit, SignedTransaction response, long block) {
    return new Bundle(name("alone", permit), block, List.of(response), Set.of());
  }

  /**
   * The response to {@code permit}, and at once behind it the attack, which may then fail: whoever
   * takes it has put them in this order, and is paid by both.
   */
  static Bundle ahead(
      Hash32 permit, SignedTransaction response, SignedTransaction attack, long block) {
    return new Bundle(
        name("ahead", permit), block, List.of(response, attack), Set.of(attack.hash()));
  }

  /** A UUID of version 4, equal for equal arguments. */
  private static UUID name(String kind, Hash32 permit) {
    ByteBuffer hash = ByteBuffer.wrap(Keccak.hashUtf8(kind + "/" + permit).toArray());
    return new UUID(
        (hash.getLong() & ~0xf000L) | 0x4000L, (hash.getLong() & (-1L >>> 2)) | Long.MIN_VALUE);
  }

  /** The request {@code eth_sendBundle}. */
  ObjectNode request() {
    ObjectNode request =
        Json.object().put("jsonrpc", "2.0").put("id", 1).put("method", "eth_sendBundle");
    ObjectNode bundle = request.putArray("params").addObject();
    bundle.put("blockNumber", TransactionJson.quantity(BigInteger.valueOf(block)));
    bundle.put("replacementUuid", name.toString());
    var raw = bundle.putArray("txs");
    transactions.forEach(tx -> raw.add(tx.encoded().toHex()));
    var failing = bundle.putArray("revertingTxHashes");
    mayRevert.forEach(tx -> failing.add(tx.toString()));
    return request;
  }
}
