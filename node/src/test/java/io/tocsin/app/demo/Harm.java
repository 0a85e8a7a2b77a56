package io.tocsin.app.demo;

import io.tocsin.adapter.files.MandateFile;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Wei;
import io.tocsin.crypto.Keccak;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.WorstCase;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What was done to a lender up to now, as its chain tells: how long it was paused, how often each
 * class of its mandates tripped, and what that cost its responder.
 */
record Harm(Duration paused, Map<BudgetClass, Integer> trips, Wei gas) {
  private static final BigInteger PURSE = BigInteger.TEN.pow(24);

  Harm {
    trips = Map.copyOf(trips);
  }

  /** What {@code tocsin check} says of the lender that {@code owner} guards. */
  static WorstCase.Target worst(MemberNode owner, Instant now) {
    MandateFile.Loaded loaded =
        MandateFile.load(owner.resident().home().resolve("mandates.yaml"), now);
    return WorstCase.of(loaded.protections()).targets().getFirst();
  }

  /** What was done to {@code lender}, whose {@code guard} has a responder {@code responder}. */
  static Harm of(Lender lender, DemoTown.Guard guard, Address responder) {
    Map<BudgetClass, Integer> trips = new EnumMap<>(BudgetClass.class);
    String tripped = "Tripped(bytes32,bytes32,address,uint8,bytes32,address,uint64,uint64)";
    for (JsonNode log : logs(lender.chain(), guard.contract(), tripped)) {
      int index = guard.mandates().indexOf(Hash32.hex(log.path("topics").path(1).stringValue()));
      int _ = trips.merge(guard.classes().get(index), 1, Integer::sum);
    }
    BigInteger left =
        LockstepChain.quantity(
            lender.chain().builder().chain().ask("eth_getBalance", responder.toString(), "latest"));
    return new Harm(paused(lender), trips, new Wei(PURSE.subtract(left)));
  }

  private static Duration paused(Lender lender) {
    Duration sum = Duration.ZERO;
    List<JsonNode> ends = logs(lender.chain(), lender.address(), "Unpaused(address)");
    int index = 0;
    for (JsonNode begin : logs(lender.chain(), lender.address(), "Paused(address)")) {
      Instant until =
          index < ends.size()
              ? time(lender.chain(), ends.get(index))
              : lender.chain().builder().head().time();
      sum = sum.plus(Duration.between(time(lender.chain(), begin), until));
      index++;
    }
    return sum;
  }

  private static Instant time(DemoChain chain, JsonNode log) {
    JsonNode block =
        chain
            .builder()
            .chain()
            .ask("eth_getBlockByNumber", log.path("blockNumber").stringValue(), false);
    return Instant.ofEpochSecond(LockstepChain.quantity(block.path("timestamp")).longValueExact());
  }

  private static List<JsonNode> logs(DemoChain chain, Address contract, String event) {
    var filter = Json.object().put("fromBlock", "0x0").put("toBlock", "latest");
    filter.put("address", contract.toString());
    filter.putArray("topics").add(Keccak.hashUtf8(event).toString());
    return chain.builder().chain().ask("eth_getLogs", filter).valueStream().toList();
  }

  /**
   * When the trip in force of {@code mandate} may be released; the epoch's start if there is none.
   */
  static Instant until(Lender lender, DemoTown.Guard guard, Hash32 mandate) {
    Bytes trip =
        Deployer.answer(
            lender.chain().builder().chain(),
            guard.contract(),
            AbiCalls.call("tripOf(bytes32)", mandate));
    return Instant.ofEpochSecond(new BigInteger(1, trip.slice(32, 64).toArray()).longValueExact());
  }

  /** How much of this came after {@code before}. */
  Harm since(Harm before) {
    Map<BudgetClass, Integer> more = new EnumMap<>(BudgetClass.class);
    trips.forEach(
        (type, count) -> {
          int now = count - before.trips.getOrDefault(type, 0);
          if (now > 0) {
            more.put(type, now);
          }
        });
    return new Harm(
        paused.minus(before.paused), more, new Wei(gas.amount().subtract(before.gas.amount())));
  }
}
