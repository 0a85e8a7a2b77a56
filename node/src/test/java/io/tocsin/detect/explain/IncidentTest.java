package io.tocsin.detect.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Asset;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.detect.Role;
import io.tocsin.detect.Scan;
import io.tocsin.detect.TokenLabels;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class IncidentTest {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);
  private static final String A = "0x00000000000000000000000000000000000000aa";
  private static final String B = "0x00000000000000000000000000000000000000bb";
  private static final String V = "0x00000000000000000000000000000000000000cc";
  private static final String T = "0x00000000000000000000000000000000000000dd";

  /** A contract of the sender's has a vault pay out all that it holds of a token. */
  static TxTrace robbery() {
    String held = word("64");
    return trace(
        call("CALL", A, B, "0x12345678", "")
            + ",\"calls\":["
            + call("STATICCALL", B, T, "0x70a08231" + word(V.substring(2)), held)
            + "},"
            + call("CALL", B, V, "0xabcdef01", "")
            + ",\"calls\":["
            + call("CALL", V, T, "0xa9059cbb" + word(B.substring(2)) + word("64"), word("1"))
            + "}]}]}");
  }

  static String word(String hex) {
    return "0".repeat(64 - hex.length()) + hex;
  }

  static String call(String kind, String from, String to, String input, String output) {
    return "{\"type\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"input\":\"%s\",\"output\":\"0x%s\""
        .formatted(kind, from, to, input, output);
  }

  static TxTrace trace(String json) {
    try {
      return TraceJson.parse(
          json.getBytes(StandardCharsets.UTF_8),
          ChainId.evm(1),
          Hash32.hex("0x" + "1".repeat(64)),
          new Position.Unknown());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static Incident incident(TxTrace trace, StateReads reads) {
    return Incident.of(DETECTORS, trace, reads, History.NONE);
  }

  @Test
  void tellsWhoLostWhatToWhomAndWhatIsNotKnown() {
    Incident incident = incident(robbery(), StateReads.NONE);

    assertThat(incident.verdict()).isEqualTo("Attack found");
    assertThat(incident.probability()).isGreaterThan(0.5);
    assertThat(String.join("\n", Story.of(incident)))
        .contains("The sender called a contract that acts for it")
        .contains("Victim 1 (0x000000…0000cc) lost 100 units of token 1 (100.0 % of what it held)")
        .contains("gained 100 units of token 1 and gave nothing.");
    assertThat(incident.gaps().toString()).contains("has no events", "No state before");
    assertThat(incident.assumptions()).isNotEmpty();
    assertThat(incident.doubtful()).extracting(m -> m.id()).contains("value-conservation");
    Incident.View view = incident.view().orElseThrow();
    assertThat(view.roles().of(Address.hex(V))).contains(Role.VICTIM);
    assertThat(NetTable.of(view))
        .extracting(r -> view.names().of(r.account()) + " " + r.net())
        .containsExactly("sender's contract 100", "victim 1 -100");
  }

  @Test
  void showsWholeUnitsAndTheNameThatATokenGivesItself() {
    Map<StateQuery, Bytes> answers = new HashMap<>();
    List<StateQuery> queries =
        TokenLabels.queries(
            DETECTORS.facts(robbery(), StateReads.NONE, History.NONE).orElseThrow());
    assertThat(queries).hasSize(2);
    answers.put(
        queries.get(0), Bytes.hex("0x" + word("20") + word("4") + "55534421" + "0".repeat(56)));
    answers.put(queries.get(1), Bytes.hex("0x" + word("1")));

    Incident.View view = incident(robbery(), StateReads.of(answers)).view().orElseThrow();

    assertThat(view.names().amount(new Asset.Token(Address.hex(T)), BigInteger.TEN))
        .isEqualTo("1 token 1 “USD!”");
  }

  @Test
  void writesTheSameForMachines() {
    JsonNode json = IncidentJson.write(incident(robbery(), StateReads.NONE));

    assertThat(json.get("verdict").stringValue()).isEqualTo("found");
    assertThat(json.at("/detectors/0/id").stringValue()).isEqualTo("value-conservation");
    assertThat(json.at("/findings/0/subject").stringValue()).isEqualTo(V);
    assertThat(json.at("/net/1/paid").stringValue()).isEqualTo("100");
    assertThat(json.at("/accounts/0/roles/0").stringValue()).isEqualTo("sender");
    assertThat(json.get("assumptions")).isNotEmpty();
    assertThat(json.at("/limits/value-conservation")).isNotEmpty();
  }

  @Test
  void aFailedTransactionIsToldWithoutRolesAndNothingIsMadeOfIt() {
    Incident incident =
        incident(
            trace(call("CALL", A, B, "0x", "") + ",\"error\":\"out of gas\"}"), StateReads.NONE);
    assertThat(incident.verdict()).isEqualTo("Failed transaction");
    assertThat(incident.view()).isEmpty();
    assertThat(Story.of(incident))
        .containsExactly("No detector found an attack: the transaction failed as a whole.");
  }

  @Test
  void whatIsTooLargeIsNotAnalysedAndSaysSo() {
    Detectors strict = new Detectors(new DetectConfig(2, 0.1, 0.5, 0.01, 1.5, 10));
    Incident incident = Incident.of(strict, robbery(), StateReads.NONE, History.NONE);
    assertThat(incident.report().scan()).isInstanceOf(Scan.NotAnalysed.class);
    assertThat(Story.of(incident).toString()).contains("not the same as clean", "2 frames");
  }

  @Test
  void showsCallsByNameWithTheirPlainArguments() {
    Incident incident = incident(robbery(), StateReads.NONE);
    Names names = incident.view().orElseThrow().names();
    assertThat(CallText.of(incident.trace().frame(3), names))
        .isEqualTo("transfer(sender's contract, 100)");
    assertThat(CallText.of(incident.trace().frame(2), names)).isEqualTo("0xabcdef01(…)");
    assertThat(CallText.answer(incident.trace().frame(1), names)).contains("100");
    assertThat(CallText.answer(incident.trace().frame(2), names)).isEmpty();
  }

  @Test
  void tellsWhyACallFailedInItsOwnWordsMadeFitToBeShown() {
    String reason = "08c379a0" + word("20") + word("5") + "3c623e0707" + "0".repeat(54);
    TxTrace trace =
        trace(
            call("CALL", A, B, "0x12345678", "")
                + ",\"calls\":["
                + call("CALL", B, V, "0x12345678", reason)
                + ",\"error\":\"execution reverted\"}]}");
    assertThat(CallText.failure(trace.frame(1)))
        .isEqualTo("execution reverted: \"<b>\\u0007\\u0007\"");
  }
}
