package io.tocsin.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Every listed detector has a folder {@code detectors/<id>} with {@code golden.json}, which names
 * its traces (at least one exploit and one benign) and the findings expected of each; one that
 * rests on earlier transactions has {@code history.json}, what accounts used to pay, too, and one
 * that rests on the state before has {@code state.json}, what contracts answer.
 */
final class DetectorFixturesTest {
  static List<Detector> detectors() {
    return Detectors.ALL;
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream raw = DetectorFixturesTest.class.getResourceAsStream("/detectors/" + name)) {
      assertThat(raw).as("a listed detector needs the fixture " + name).isNotNull();
      try (InputStream in = name.endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
        return in.readAllBytes();
      }
    }
  }

  private static History history(String id) throws IOException, MalformedException {
    Map<Address, Map<Asset, History.Habit>> all = new HashMap<>();
    if (DetectorFixturesTest.class.getResource("/detectors/" + id + "/history.json") != null) {
      for (JsonNode line : Json.parse(bytes(id + "/history.json"))) {
        all.computeIfAbsent(Address.parse(line.get("account").stringValue()), _ -> new HashMap<>())
            .put(
                new Asset.Token(Address.parse(line.get("token").stringValue())),
                new History.Habit(
                    new BigInteger(line.get("now").stringValue()),
                    new BigInteger(line.get("most").stringValue()),
                    line.get("hours").intValue()));
      }
    }
    return new History(Map.of(), all);
  }

  private static StateReads state(String id) throws IOException, MalformedException {
    Map<StateQuery, Bytes> all = new LinkedHashMap<>();
    if (DetectorFixturesTest.class.getResource("/detectors/" + id + "/state.json") != null) {
      for (JsonNode line : Json.parse(bytes(id + "/state.json"))) {
        all.put(
            new StateQuery.Call(
                Address.parse(line.get("to").stringValue()),
                Bytes.parse(line.get("data").stringValue())),
            Bytes.parse(line.get("answer").stringValue()));
      }
    }
    return StateReads.of(all);
  }

  private static JsonNode found(
      Detector detector, TxTrace trace, StateReads reads, History history) {
    TraceFacts facts = new TraceFacts(trace, reads, history, DetectConfig.DEFAULT);
    ArrayNode all = Json.object().putArray("findings");
    if (detector.scan(facts) instanceof Scan.Found f) {
      f.findings().forEach(finding -> all.add(FindingJson.write(finding)));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("detectors")
  void findsWhatIsExpectedOfIt(Detector detector) throws IOException, MalformedException {
    String id = detector.metadata().id();
    JsonNode golden = Json.parse(bytes(id + "/golden.json"));
    StateReads reads = state(id);
    History history = history(id);
    List<String> kinds = new ArrayList<>();
    for (Map.Entry<String, JsonNode> expected : golden.properties()) {
      String name = expected.getKey();
      JsonNode root = Json.parse(bytes(id + "/" + name));
      TxTrace trace = TraceJson.parse(root, ChainId.evm(1), Hash32.ZERO, new Position.Unknown());
      JsonNode findings = found(detector, trace, reads, history);
      assertThat(Json.pretty(findings)).as(name).isEqualTo(Json.pretty(expected.getValue()));
      assertThat(findings.isEmpty()).as(name).isEqualTo(name.startsWith("benign-"));
      assertThat(subjects(found(detector, Samples.bare(trace, root), reads, history)))
          .as(name + " without events and gas")
          .isEqualTo(subjects(findings));
      kinds.add(name.substring(0, name.indexOf('-')));
    }
    assertThat(kinds).contains("exploit", "benign");
  }

  private static List<String> subjects(JsonNode findings) {
    List<String> all = new ArrayList<>();
    findings.forEach(f -> all.add(f.get("subject").stringValue()));
    return all;
  }

  @ParameterizedTest
  @MethodSource("detectors")
  void hasAnIdOfItsOwn(Detector detector) {
    assertThat(Detectors.ALL)
        .filteredOn(d -> d.metadata().id().equals(detector.metadata().id()))
        .hasSize(1);
  }
}
