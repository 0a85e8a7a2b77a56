package io.tocsin.exposure;

import static io.tocsin.policy.PolicySamples.CODE;
import static io.tocsin.policy.PolicySamples.MAIN;
import static io.tocsin.policy.PolicySamples.code;
import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.Position;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Explanation;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Severity;
import io.tocsin.exposure.OwnEvidence.FrameCode;
import io.tocsin.exposure.OwnEvidence.Read;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class InquiryTest {
  private static final Address ATTACKER = address("a1");
  private static final Address ENTRY = address("e1");
  private static final Address PROXY = address("b1");
  private static final Address LOGIC = address("b2");
  private static final Address TOKEN = address("c1");
  private static final Address ORACLE = address("d1");
  private static final Address PAIR = address("d2");
  private static final Address STRANGER = address("f1");
  private static final String WORD = "0".repeat(63) + "1";

  private static Address address(String end) {
    return Address.hex("0x" + "00".repeat(17) + "aa" + "bb" + end);
  }

  private static String frame(
      String kind, Address from, Address to, String input, String output, String... calls) {
    return "{\"type\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"value\":\"0x0\",\"input\":\"0x%s\",\"output\":\"0x%s\",\"calls\":[%s]}"
        .formatted(kind, from, to, input, output, String.join(",", calls));
  }

  private static String balanceOf(Address whose) {
    return "70a08231" + whose.toWord().toString().substring(2);
  }

  /** 0 root, 1 proxy, 2 logic, 3 oracle, 4 pair, 5 transfer, 6 balance of the pair, 7 other. */
  private static TxTrace trace() {
    String root =
        frame(
            "CALL",
            ATTACKER,
            ENTRY,
            "",
            "",
            frame(
                "CALL",
                ENTRY,
                PROXY,
                "12345678",
                "",
                frame(
                    "DELEGATECALL",
                    PROXY,
                    LOGIC,
                    "12345678",
                    "",
                    frame(
                        "STATICCALL",
                        PROXY,
                        ORACLE,
                        "aabbccdd",
                        WORD,
                        frame("STATICCALL", ORACLE, PAIR, "0902f1ac", WORD)),
                    frame("CALL", PROXY, TOKEN, "a9059cbb", WORD),
                    frame("STATICCALL", PROXY, TOKEN, balanceOf(PAIR), WORD))),
            frame("STATICCALL", ENTRY, STRANGER, "aabbccdd", WORD));
    try {
      return TraceJson.parse(
          Json.parse(root.getBytes(StandardCharsets.UTF_8)),
          MAIN,
          hash("tx"),
          new Position.Unknown());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static Sight sight(Integer... frames) {
    Finding finding =
        new Finding(
            List.of("value-conservation"),
            Severity.CRITICAL,
            PROXY,
            List.of(new Loss(new Asset.Token(TOKEN), BigInteger.TEN, 0.5)),
            new Explanation("lost", List.of(frames), List.of(), List.of()));
    return Sight.of(new Scan.Found(List.of(finding)), MAIN, PROXY);
  }

  private static OwnEvidence evidence(Inquiry inquiry) {
    return inquiry.evidence(
        new Agreement.Lacking("a test"),
        Map.of(PROXY, CODE, LOGIC, CODE, ORACLE, code("oracle")),
        Optional.empty());
  }

  @Test
  void findsTheFrameWhoseCodeLetTheTokensGo() {
    OwnEvidence own = evidence(Inquiry.of(trace(), PROXY, sight()));
    assertThat(own.frames()).containsExactly(new FrameCode(2, LOGIC, Optional.of(CODE)));
    assertThat(own.subject().code()).hasValue(CODE);
  }

  @Test
  void findsTheFrameAroundThoseThatTheDetectorNamed() {
    OwnEvidence own = evidence(Inquiry.of(trace(), PROXY, sight(0, 1, 4, 7)));
    assertThat(own.frames())
        .containsExactly(
            new FrameCode(1, PROXY, Optional.of(CODE)), new FrameCode(2, LOGIC, Optional.of(CODE)));
  }

  @Test
  void followsAnswersFromTheSubjectOnly() {
    OwnEvidence own = evidence(Inquiry.of(trace(), PROXY, sight()));
    assertThat(own.reads())
        .containsExactlyInAnyOrder(
            new Read(PROXY, ORACLE, Optional.of(code("oracle"))),
            new Read(ORACLE, PAIR, Optional.empty()),
            new Read(PROXY, TOKEN, Optional.empty()),
            new Read(PROXY, PAIR, Optional.empty()));
  }

  @Test
  void asksForTheCodeOfAllOfThem() {
    assertThat(Inquiry.of(trace(), PROXY, sight()).accounts())
        .containsExactlyInAnyOrder(PROXY, LOGIC, ORACLE, PAIR, TOKEN);
  }

  @Test
  void provesNothingWithoutAnOwnSighting() {
    assertThat(evidence(Inquiry.of(trace(), PROXY, new Sight.Unharmed())).frames()).isEmpty();
  }

  @Test
  void aFindingAboutAnotherVictimIsNoSightOfThisOne() {
    Finding other =
        new Finding(
            List.of("value-conservation"),
            Severity.CRITICAL,
            STRANGER,
            List.of(),
            new Explanation("lost", List.of(), List.of(), List.of()));
    assertThat(Sight.of(new Scan.Found(List.of(other)), MAIN, PROXY))
        .isEqualTo(new Sight.Unharmed());
    assertThat(Sight.of(new Scan.NotAnalysed("too deep"), MAIN, PROXY))
        .isEqualTo(new Sight.Unseen("too deep"));
    assertThat(Set.of(Sight.of(new Scan.Clean(), MAIN, PROXY))).contains(new Sight.Unharmed());
  }

  @Test
  void tooManyAnswersAreNeverTakenForFew() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      many.append(i == 0 ? "" : ",")
          .append(
              frame(
                  "STATICCALL",
                  PROXY,
                  Address.hex("0x" + "0".repeat(34) + "%06x".formatted(0x10000 + i)),
                  "aabbccdd",
                  WORD));
    }
    try {
      TxTrace trace =
          TraceJson.parse(
              Json.parse(
                  frame("CALL", ENTRY, PROXY, "", "", many.toString())
                      .getBytes(StandardCharsets.UTF_8)),
              MAIN,
              hash("tx"),
              new Position.Unknown());
      assertThat(evidence(Inquiry.of(trace, PROXY, sight(0))).reads())
          .contains(new Read(PROXY, Address.ZERO, Optional.empty()));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
