package io.tocsin.app.demo;

import com.esaulpaugh.headlong.rlp.RLPEncoder;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.Signer;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Builds a world fast: signs many transactions without waiting, since the address of a contract
 * follows from sender and nonce, and mines them together on {@link #settle}. One owner; used before
 * the builder is started.
 */
final class Deployer {
  private static final Gas CREATION = new Gas(8_000_000);
  private static final Gas CALL = new Gas(10_000_000);

  private final BlockBuilder builder;
  private final Wallet wallet;
  private final Map<Hash32, String> waiting = new LinkedHashMap<>();
  private long transactions;

  /** A deployer whose account is given ether enough. */
  Deployer(BlockBuilder builder, Signer key) {
    this.builder = builder;
    this.wallet = new Wallet(key, builder);
    fund(key.address());
  }

  /** The account that owns what is deployed. */
  Address address() {
    return wallet.address();
  }

  /** The builder of its chain. */
  BlockBuilder builder() {
    return builder;
  }

  /** Transactions mined so far. */
  long transactions() {
    return transactions;
  }

  /** Gives {@code account} a million ether out of nothing. */
  void fund(Address account) {
    JsonNode _ =
        builder
            .chain()
            .tell(
                "anvil_setBalance",
                account.toString(),
                LockstepChain.quantity(BigInteger.TEN.pow(24)));
  }

  /** Creates a contract without libraries; its address is known at once. */
  Address deploy(Artifact artifact, Object... arguments) {
    return link(artifact, Map.of(), arguments);
  }

  /** Creates a contract linked with {@code libraries}; its address is known at once. */
  Address link(Artifact artifact, Map<String, Address> libraries, Object... arguments) {
    Address address = created(wallet.address(), wallet.nonce());
    send(artifact.name(), TxCall.create(artifact.creation(libraries, arguments)), CREATION);
    return address;
  }

  /** Calls a function of {@code to}. */
  void call(Address to, String signature, Object... arguments) {
    send(signature, TxCall.of(to, AbiCalls.call(signature, arguments)), CALL);
  }

  private void send(String what, TxCall call, Gas gas) {
    Hash32 tx = wallet.send(call, gas, Wallet.ordinaryFees(), Terms.PRIVATE);
    waiting.put(tx, what);
  }

  /**
   * Mines until everything sent is in a block.
   *
   * @throws IllegalStateException naming the first transaction that failed
   */
  void settle() {
    while (!waiting.isEmpty()) {
      int before = waiting.size();
      var head = builder.mine(builder.head().time().plusSeconds(1));
      JsonNode receipts =
          builder.chain().ask("eth_getBlockReceipts", LockstepChain.quantity(head.number()));
      for (JsonNode receipt : receipts) {
        String what = waiting.remove(Hash32.hex(receipt.path("transactionHash").stringValue()));
        if (what != null && !receipt.path("status").asString("").equals("0x1")) {
          throw new IllegalStateException("building the world: " + what + " failed");
        }
        transactions++;
      }
      if (waiting.size() == before) {
        throw new IllegalStateException("building the world: " + waiting.values() + " not mined");
      }
    }
  }

  /** Sends a call while blocks are made by others; does not wait. */
  Hash32 now(Address to, String signature, Object... arguments) {
    return wallet.send(
        TxCall.of(to, AbiCalls.call(signature, arguments)),
        CALL,
        Wallet.ordinaryFees(),
        Terms.PUBLIC);
  }

  /** The word that a view function of {@code to} returns. */
  Hash32 read(Address to, String signature, Object... arguments) {
    return read(builder.chain(), to, AbiCalls.call(signature, arguments));
  }

  /** The first word that calling {@code to} with {@code input} returns. */
  static Hash32 read(LockstepChain chain, Address to, Bytes input) {
    return Hash32.of(answer(chain, to, input).slice(0, 32).toArray());
  }

  /** All that calling {@code to} with {@code input} returns. */
  static Bytes answer(LockstepChain chain, Address to, Bytes input) {
    JsonNode call = Json.object().put("to", to.toString()).put("data", input.toHex());
    return Bytes.hex(chain.ask("eth_call", call, "latest").stringValue());
  }

  /** The address of the contract that {@code creator} makes with its transaction {@code nonce}. */
  static Address created(Address creator, long nonce) {
    byte[] number = nonce == 0 ? new byte[0] : minimal(nonce);
    byte[] list = RLPEncoder.list(creator.toArray(), number);
    return Address.fromWord(Keccak.hash(list));
  }

  private static byte[] minimal(long number) {
    byte[] digits = BigInteger.valueOf(number).toByteArray();
    return digits[0] == 0 ? Bytes.of(digits).slice(1, digits.length).toArray() : digits;
  }
}
