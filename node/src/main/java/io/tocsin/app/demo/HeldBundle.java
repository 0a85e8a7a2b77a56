package io.tocsin.app.demo;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TransactionJson;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A bundle as {@code eth_sendBundle} gives it to a block builder: transactions for one block, in
 * this order and at once behind each other, or none of them.
 *
 * @param owner by whom and under which name it may be replaced
 * @param mayRevert those of them that may fail
 */
record HeldBundle(
    Owner owner,
    long block,
    Window window,
    List<SignedTransaction> transactions,
    Set<Hash32> mayRevert) {
  private static final int MOST = 100;
  private static final int LARGEST = 300_000;

  HeldBundle {
    transactions = List.copyOf(transactions);
    mayRevert = Set.copyOf(mayRevert);
  }

  /** Whose it is, and its {@code replacementUuid} if it has one. */
  record Owner(Address sender, Optional<String> name) {}

  /** The times a block may have that holds it, in seconds, both ends included. */
  record Window(long from, long to) {
    boolean holds(long second) {
      return from <= second && second <= to;
    }
  }

  /**
   * Reads the parameter of {@code eth_sendBundle}. Without transactions it only takes back what has
   * its name.
   *
   * @throws MalformedException if it is none, or for another chain
   */
  static HeldBundle parse(Address sender, JsonNode parameter, ChainId chain)
      throws MalformedException {
    List<SignedTransaction> transactions = new ArrayList<>();
    int size = 0;
    for (JsonNode raw : parameter.path("txs")) {
      Bytes encoded = Bytes.parse(raw.asString(""));
      size += encoded.size();
      SignedTransaction transaction = SignedTransaction.decode(encoded);
      if (!transaction.chain().equals(Optional.of(chain))) {
        throw new MalformedException("invalid chain id for signer");
      }
      transactions.add(transaction);
    }
    Optional<String> name =
        Optional.of(parameter.path("replacementUuid").asString("")).filter(n -> !n.isEmpty());
    if (transactions.isEmpty() && name.isEmpty()) {
      throw new MalformedException("a bundle without transactions");
    }
    if (transactions.size() > MOST || size > LARGEST) {
      throw new MalformedException("a bundle has at most 100 transactions and 300,000 bytes");
    }
    Set<Hash32> mayRevert = new HashSet<>();
    for (JsonNode hash : parameter.path("revertingTxHashes")) {
      mayRevert.add(Hash32.parse(hash.asString("")));
    }
    long last = parameter.path("maxTimestamp").asLong(0);
    return new HeldBundle(
        new Owner(sender, name),
        transactions.isEmpty()
            ? 0
            : TransactionJson.quantity(parameter, "blockNumber").longValueExact(),
        new Window(parameter.path("minTimestamp").asLong(0), last == 0 ? Long.MAX_VALUE : last),
        transactions,
        mayRevert);
  }

  /** The hash by which relays name it: that of its transactions' hashes. */
  Hash32 hash() {
    return Keccak.hash(transactions.stream().map(tx -> tx.hash().bytes()).toArray(Bytes[]::new));
  }
}
