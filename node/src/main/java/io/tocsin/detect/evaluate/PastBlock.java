package io.tocsin.detect.evaluate;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Flow;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a block of the past held for some watched contracts: the transactions that touched them, and
 * who made which contract in any of its transactions.
 */
public record PastBlock(
    long number, Instant time, List<PastTx> transactions, Map<Address, Address> made) {
  /** What was said of one victim. */
  public record Fire(
      Address subject, List<String> detectors, Map<String, BigInteger> losses, String summary) {
    public Fire {
      detectors = List.copyOf(detectors);
      losses = Map.copyOf(losses);
    }
  }

  /**
   * One transaction that touched a watched contract.
   *
   * @param calls whether it called one so that a pause might have kept it out
   * @param moved what it moved to and from watched contracts, by asset
   * @param probability that it is an attack
   * @param unjudged why it could not be judged, if so
   */
  public record PastTx(
      Who who,
      boolean calls,
      Map<String, BigInteger> moved,
      double probability,
      Optional<String> unjudged,
      List<Fire> fires) {
    public PastTx {
      moved = Map.copyOf(moved);
      fires = List.copyOf(fires);
    }
  }

  /** A transaction and who signed it. */
  public record Who(Hash32 tx, Address sender) {}

  public PastBlock {
    transactions = List.copyOf(transactions);
    made = Map.copyOf(made);
  }

  /** What {@code trace} and the scan of it mean for the contracts in {@code watched}. */
  public static PastTx of(
      TxTrace trace, ScanReport report, Optional<TraceFacts> facts, Set<Address> watched) {
    boolean calls = false;
    for (CallFrame frame : trace.frames()) {
      calls |=
          !frame.failed() && frame.kind() != FrameKind.STATICCALL && watched.contains(frame.to());
    }
    Map<String, BigInteger> moved = new LinkedHashMap<>();
    for (Flow flow : facts.map(TraceFacts::flows).orElse(List.of())) {
      if (watched.contains(flow.from()) != watched.contains(flow.to())) {
        moved.merge(flow.asset().toString(), flow.amount(), BigInteger::add);
      }
    }
    List<Fire> fires = new ArrayList<>();
    for (Finding finding : report.findings()) {
      Map<String, BigInteger> losses = new LinkedHashMap<>();
      finding.losses().forEach(l -> losses.put(l.asset().toString(), l.amount()));
      fires.add(new Fire(finding.subject(), finding.detectors(), losses, finding.why().summary()));
    }
    return new PastTx(
        new Who(trace.tx(), trace.sender()),
        calls,
        moved,
        Calibration.SHIPPED.probability(Strength.of(report)),
        report.scan() instanceof Scan.NotAnalysed(String reason)
            ? Optional.of(reason)
            : Optional.empty(),
        fires);
  }

  /** As JSON that {@link #parse} reads. */
  public ObjectNode json() {
    ObjectNode out = Json.object().put("block", number).put("time", time.getEpochSecond());
    ArrayNode all = out.putArray("transactions");
    for (PastTx tx : transactions) {
      ObjectNode one =
          all.addObject()
              .put("tx", tx.who().tx().toString())
              .put("sender", tx.who().sender().toString())
              .put("calls", tx.calls())
              .put("probability", tx.probability());
      amounts(one.putObject("moved"), tx.moved());
      tx.unjudged().ifPresent(reason -> one.put("unjudged", reason));
      ArrayNode fires = one.putArray("fires");
      for (Fire fire : tx.fires()) {
        ObjectNode finding =
            fires
                .addObject()
                .put("subject", fire.subject().toString())
                .put("summary", fire.summary());
        ArrayNode detectors = finding.putArray("detectors");
        fire.detectors().forEach(detectors::add);
        amounts(finding.putObject("losses"), fire.losses());
      }
    }
    ObjectNode creators = out.putObject("made");
    made.forEach((contract, sender) -> creators.put(contract.toString(), sender.toString()));
    return out;
  }

  private static void amounts(ObjectNode out, Map<String, BigInteger> amounts) {
    amounts.forEach((asset, amount) -> out.put(asset, amount.toString()));
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws MalformedException naming what is missing
   */
  public static PastBlock parse(JsonNode json) throws MalformedException {
    try {
      List<PastTx> transactions = new ArrayList<>();
      for (JsonNode one : json.required("transactions")) {
        transactions.add(transaction(one));
      }
      Map<Address, Address> made = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : json.required("made").properties()) {
        made.put(Address.parse(entry.getKey()), Address.parse(entry.getValue().stringValue()));
      }
      return new PastBlock(
          json.required("block").longValue(),
          Instant.ofEpochSecond(json.required("time").longValue()),
          transactions,
          made);
    } catch (IllegalArgumentException | DateTimeException | tools.jackson.core.JacksonException e) {
      throw new MalformedException("no block of a replay: " + e.getMessage(), e);
    }
  }

  private static PastTx transaction(JsonNode one) throws MalformedException {
    List<Fire> fires = new ArrayList<>();
    for (JsonNode fire : one.required("fires")) {
      List<String> detectors = new ArrayList<>();
      fire.required("detectors").forEach(d -> detectors.add(d.stringValue()));
      fires.add(
          new Fire(
              Address.parse(Json.text(fire, "subject")),
              detectors,
              amounts(fire.required("losses")),
              Json.text(fire, "summary")));
    }
    return new PastTx(
        new Who(Hash32.parse(Json.text(one, "tx")), Address.parse(Json.text(one, "sender"))),
        one.required("calls").booleanValue(),
        amounts(one.required("moved")),
        one.required("probability").doubleValue(),
        one.has("unjudged") ? Optional.of(Json.text(one, "unjudged")) : Optional.empty(),
        fires);
  }

  private static Map<String, BigInteger> amounts(JsonNode json) {
    Map<String, BigInteger> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      all.put(entry.getKey(), new BigInteger(entry.getValue().stringValue()));
    }
    return all;
  }
}
