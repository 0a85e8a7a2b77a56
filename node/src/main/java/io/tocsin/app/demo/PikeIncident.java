package io.tocsin.app.demo;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The attack on Pike Finance of 30 April 2024: real contract code and state of mainnet, and the
 * call that took the ether. The resource {@code pike.json} tells where they come from.
 */
final class PikeIncident {
  private static final String RESOURCE = "/io/tocsin/demo/pike.json";

  private final JsonNode record;

  private PikeIncident(JsonNode record) {
    this.record = record;
  }

  /** Reads the record that ships with the program. */
  static PikeIncident load() {
    try (InputStream in = PikeIncident.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + RESOURCE);
      }
      return new PikeIncident(Json.parse(in.readAllBytes()));
    } catch (IOException | MalformedException e) {
      throw new IllegalStateException("cannot read " + RESOURCE, e);
    }
  }

  /** Gives the accounts of {@code chain} the state they had on mainnet before the attack. */
  void install(LockstepChain chain) {
    for (JsonNode account : record.path("accounts")) {
      String address = account.path("address").stringValue();
      JsonNode _ = chain.tell("anvil_setBalance", address, account.path("balance").stringValue());
      JsonNode _ = chain.tell("anvil_setNonce", address, account.path("nonce").stringValue());
      if (account.has("code")) {
        JsonNode _ = chain.tell("anvil_setCode", address, account.path("code").stringValue());
      }
      account
          .path("storage")
          .properties()
          .forEach(
              slot -> {
                JsonNode _ =
                    chain.tell(
                        "anvil_setStorageAt",
                        address,
                        slot.getKey(),
                        slot.getValue().stringValue());
              });
    }
  }

  /** The attacker's call, for {@link BlockBuilder#impersonate}. */
  JsonNode transaction() {
    JsonNode real = record.path("transaction");
    ObjectNode call = Json.object();
    for (String field : new String[] {"from", "to", "value", "input"}) {
      call.set(field, real.path(field));
    }
    return call.put("gas", "0x1e8480")
        .put("maxFeePerGas", LockstepChain.quantity(Wallet.ordinaryFees().cap().amount()))
        .put("maxPriorityFeePerGas", LockstepChain.quantity(Wallet.ordinaryFees().tip().amount()));
  }

  /** The contract that lost its ether. */
  Address victim() {
    return Address.hex(record.path("victim").stringValue());
  }

  /** The transaction's hash on mainnet. */
  Hash32 realHash() {
    return Hash32.hex(record.path("transaction").path("hash").stringValue());
  }

  /** The block of mainnet before the attack. */
  long parentBlock() {
    return record.path("parent_block").longValue();
  }

  /** The ether that {@code chain} holds for {@code account}. */
  static Wei balance(LockstepChain chain, Address account) {
    return new Wei(
        LockstepChain.quantity(chain.ask("eth_getBalance", account.toString(), "latest")));
  }
}
