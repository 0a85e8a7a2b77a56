package io.tocsin.adapter.rpc;

/** Something an endpoint can or cannot do, found out by trying. */
public enum Capability {
  /** {@code eth_subscribe newHeads}; without it heads are polled. */
  NEW_HEADS("heads are polled"),
  /**
   * {@code eth_subscribe newPendingTransactions} with full bodies; without it pending transactions
   * are read from {@code txpool_content}.
   */
  PENDING_BODIES("pending transactions are read from the pool at every head"),
  /** {@code txpool_content}; without it the pool is not read after a reconnect. */
  POOL("pending transactions sent while disconnected are missed"),
  /** {@code debug_traceBlockByHash} with {@code callTracer}; without it one call a transaction. */
  TRACE_BLOCK("transactions are traced one by one"),
  /** {@code debug_traceTransaction} with {@code callTracer}; without it mined ones are unseen. */
  TRACE_TRANSACTION("this endpoint cannot show what a mined transaction did"),
  /** {@code debug_traceCall} with {@code callTracer}; without it pending ones are unseen. */
  TRACE_CALL("this endpoint cannot simulate pending transactions"),
  /** {@code eth_getBlockReceipts}; without it one call a transaction. */
  BLOCK_RECEIPTS("receipts are read one by one"),
  /** Block parameters by hash (EIP-1898); without it state is read by number. */
  STATE_BY_HASH("state is read by block number"),
  /** {@code eth_simulateV1}; without it actions are not simulated together with the attack. */
  SIMULATE("actions cannot be simulated together with an attack"),
  /** {@code trace_block}, of Parity's family; not needed, for the record. */
  TRACE_MODULE("nothing is lost"),
  /** {@code eth_getProof} that holds; without it the state that this endpoint reads is its word. */
  PROOFS("the state it reads is not proven, only agreed upon");

  private final String without;

  Capability(String without) {
    this.without = without;
  }

  /** What follows from lacking it, as half a sentence. */
  public String without() {
    return without;
  }
}
