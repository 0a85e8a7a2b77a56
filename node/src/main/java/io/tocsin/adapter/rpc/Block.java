package io.tocsin.adapter.rpc;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Header;
import io.tocsin.chain.TransactionJson;
import io.tocsin.chain.Trie;
import io.tocsin.crypto.Keccak;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A block as an endpoint shows it.
 *
 * @param transactions their hashes, in order
 * @param header what its fields commit to, where all of them are there
 * @param whole whether the transactions were shown and are those that the header commits to
 */
record Block(
    BlockRef ref,
    Hash32 parent,
    Wei baseFee,
    List<Hash32> transactions,
    Optional<Header> header,
    boolean whole) {
  Block {
    transactions = List.copyOf(transactions);
  }

  /** Reads {@code eth_getBlockBy…}, with or without bodies. */
  static Block parse(JsonNode object) throws MalformedException {
    List<Hash32> transactions = new ArrayList<>();
    for (JsonNode tx : object.path("transactions")) {
      transactions.add(Hash32.parse(tx.isString() ? tx.stringValue() : text(tx, "hash")));
    }
    BigInteger fee =
        object.has("baseFeePerGas")
            ? TransactionJson.quantity(object, "baseFeePerGas")
            : BigInteger.ZERO;
    Hash32 hash = Hash32.parse(text(object, "hash"));
    Optional<Header> header = header(object);
    return new Block(
        new BlockRef(
            number(object, "number"), hash, Instant.ofEpochSecond(number(object, "timestamp"))),
        Hash32.parse(text(object, "parentHash")),
        new Wei(fee),
        transactions,
        header,
        header.isPresent()
            && header.get().hash().equals(hash)
            && whole(object.path("transactions"), header.get().transactions()));
  }

  private static Optional<Header> header(JsonNode object) {
    try {
      return Optional.of(Header.parse(object));
    } catch (MalformedException _) {
      // Some chains and programs have other fields; what then counts is agreement.
      return Optional.empty();
    }
  }

  private static boolean whole(JsonNode bodies, Hash32 root) {
    List<Bytes> encoded = new ArrayList<>();
    try {
      for (JsonNode body : bodies) {
        Bytes transaction = TransactionJson.encode(body);
        if (!Keccak.hash(transaction).toString().equals(text(body, "hash"))) {
          return false;
        }
        encoded.add(transaction);
      }
    } catch (MalformedException _) {
      // Hashes only, or of a type that is not known here.
      return false;
    }
    return Trie.ofList(encoded).equals(root);
  }

  /** Whether the header's fields hash to the block's hash: then they are those of the block. */
  boolean sealed() {
    return header.isPresent() && header.get().hash().equals(ref.hash());
  }

  /** Whether all of the header was shown and is another block's, or none's. */
  boolean forged() {
    return header.isPresent() && !sealed();
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
