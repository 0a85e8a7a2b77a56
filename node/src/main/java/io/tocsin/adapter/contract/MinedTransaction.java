package io.tocsin.adapter.contract;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.chain.TraceLog;
import io.tocsin.chain.TransactionJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The receipt of a transaction in a block.
 *
 * @param block number and hash of its block
 * @param created the contract it created; zero for none
 */
public record MinedTransaction(
    Hash32 tx, Place block, boolean succeeded, Bill bill, Address created, List<TraceLog> logs) {
  public MinedTransaction {
    logs = List.copyOf(logs);
  }

  /**
   * What it cost.
   *
   * @param paid for the gas in all; empty where the endpoints do not say
   */
  public record Bill(Gas gas, Optional<Wei> paid) {
    static Bill parse(JsonNode receipt) throws MalformedException {
      Gas gas = new Gas(TransactionJson.quantity(receipt, "gasUsed").longValueExact());
      if (!receipt.has("effectiveGasPrice")) {
        return new Bill(gas, Optional.empty());
      }
      Wei paid =
          new Wei(TransactionJson.quantity(receipt, "effectiveGasPrice")).times(gas.amount());
      return new Bill(
          gas,
          Optional.of(
              receipt.has("l1Fee")
                  ? paid.plus(new Wei(TransactionJson.quantity(receipt, "l1Fee")))
                  : paid));
    }
  }

  /** The gas it used. */
  public Gas gasUsed() {
    return bill.gas();
  }

  /** A block's number and hash. */
  public record Place(long number, Hash32 hash) {}

  /**
   * Reads the JSON of {@code eth_getTransactionReceipt}.
   *
   * @throws MalformedException if a field is missing or wrong
   */
  static MinedTransaction parse(JsonNode receipt) throws MalformedException {
    List<TraceLog> logs = new ArrayList<>();
    for (JsonNode log : receipt.path("logs")) {
      List<Hash32> topics = new ArrayList<>();
      for (JsonNode topic : log.path("topics")) {
        topics.add(Hash32.parse(topic.asString("")));
      }
      logs.add(
          new TraceLog(
              Address.parse(log.path("address").asString("")),
              topics,
              Bytes.parse(log.path("data").asString("")),
              logs.size()));
    }
    JsonNode created = receipt.path("contractAddress");
    return new MinedTransaction(
        Hash32.parse(receipt.path("transactionHash").asString("")),
        new Place(
            TransactionJson.quantity(receipt, "blockNumber").longValueExact(),
            Hash32.parse(receipt.path("blockHash").asString(""))),
        TransactionJson.quantity(receipt, "status").signum() != 0,
        Bill.parse(receipt),
        created.isString() ? Address.parse(created.stringValue()) : Address.ZERO,
        logs);
  }
}
