package io.tocsin.app.demo;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.crypto.Keccak;
import java.util.List;

/** Names the error with which a contract refuses a call. */
final class Refusals {
  private static final List<String> KNOWN =
      List.of(
          "AlreadyConsumed()",
          "StaleClaim(uint64)",
          "NoUsesLeft()",
          "CoolingDown(uint64)",
          "AlreadyPaused()",
          "PausedTimeExhausted(uint256,uint256,uint256)",
          "EnforcedPause()");

  private Refusals() {}

  /** The error's name, its selector if it is not known, or "accepted". */
  static String of(DemoChain chain, Address from, Address to, Bytes input) {
    var call =
        Json.object()
            .put("from", from.toString())
            .put("to", to.toString())
            .put("data", input.toHex());
    try {
      var _ = chain.builder().chain().ask("eth_call", call, "latest");
      return "accepted";
    } catch (AnvilLink.Refused e) {
      String data = e.error().path("data").asString("");
      return KNOWN.stream()
          .filter(error -> data.startsWith(Keccak.hashUtf8(error).bytes().slice(0, 4).toHex()))
          .map(error -> error.substring(0, error.indexOf('(')))
          .findFirst()
          .orElse(data);
    }
  }
}
