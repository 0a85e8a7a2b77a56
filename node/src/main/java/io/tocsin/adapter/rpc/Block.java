package io.tocsin.adapter.rpc;

import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.TransactionJson;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A block header and the hashes of its transactions, in order. */
record Block(BlockRef ref, Hash32 parent, Wei baseFee, List<Hash32> transactions) {
  Block {
    transactions = List.copyOf(transactions);
  }

  /** Reads {@code eth_getBlockBy…} without bodies. */
  static Block parse(JsonNode object) throws MalformedException {
    List<Hash32> transactions = new ArrayList<>();
    for (JsonNode tx : object.path("transactions")) {
      transactions.add(Hash32.parse(tx.isString() ? tx.stringValue() : text(tx, "hash")));
    }
    BigInteger fee =
        object.has("baseFeePerGas")
            ? TransactionJson.quantity(object, "baseFeePerGas")
            : BigInteger.ZERO;
    return new Block(
        new BlockRef(
            number(object, "number"),
            Hash32.parse(text(object, "hash")),
            Instant.ofEpochSecond(number(object, "timestamp"))),
        Hash32.parse(text(object, "parentHash")),
        new Wei(fee),
        transactions);
  }

  private static String text(JsonNode object, String name) {
    return object.path(name).asString("");
  }

  /** A quantity that fits in 63 bits. */
  static long number(JsonNode object, String name) throws MalformedException {
    BigInteger value = TransactionJson.quantity(object, name);
    if (value.bitLength() > 53) {
      throw new MalformedException(name + ": out of range: " + value);
    }
    return value.longValue();
  }
}
