package io.tocsin.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TraceJsonTest {
  private static final String A = "0x00000000000000000000000000000000000000aa";
  private static final String B = "0x00000000000000000000000000000000000000BB";

  private static TxTrace parse(String json) throws MalformedException {
    return TraceJson.parse(
        json.getBytes(StandardCharsets.UTF_8), ChainId.evm(1), Hash32.ZERO, new Position.Unknown());
  }

  private static String call(String more) {
    return """
    {"type":"CALL","from":"%s","to":"%s","value":"0x1","input":"0x"%s}\
    """
        .formatted(A, B, more);
  }

  @Test
  void readsLogsGasAndTruncationMarks() throws MalformedException {
    TxTrace trace =
        parse(
            call(
                """
                ,"gas":"0x5208","gasUsed":"0x10","inputTruncated":true,"vendor":{"x":1},
                "logs":[{"address":"%s","topics":["0x%s"],"data":"0x01","position":"0x0"}]\
                """
                    .formatted(B, "11".repeat(32))));

    assertThat(trace.hasLogs()).isTrue();
    assertThat(trace.hasGas()).isTrue();
    assertThat(trace.root().gas()).hasValue(21_000);
    assertThat(trace.root().inputTruncated()).isTrue();
    assertThat(trace.root().outputTruncated()).isFalse();
    assertThat(trace.root().logs()).hasSize(1);
    assertThat(trace.root().moved()).isEqualTo(Wei.of(1));
    assertThat(trace.accounts()).hasSize(2);
  }

  @Test
  void readsTracesWithoutLogsAndGas() throws MalformedException {
    TxTrace trace = parse(call(""));

    assertThat(trace.hasLogs()).isFalse();
    assertThat(trace.hasGas()).isFalse();
    assertThat(trace.root().gasUsed()).isEmpty();
  }

  @Test
  void numbersFramesInPreOrder() throws MalformedException {
    TxTrace trace =
        parse(call(",\"calls\":[" + call(",\"calls\":[" + call("") + "]") + "," + call("") + "]"));

    assertThat(trace.frames().stream().map(CallFrame::parent)).containsExactly(-1, 0, 1, 0);
    assertThat(trace.root().children()).containsExactly(1, 3);
    assertThat(trace.frame(2).depth()).isEqualTo(2);
  }

  @Test
  void failureReachesDown() throws MalformedException {
    TxTrace trace =
        parse(
            call(
                ",\"calls\":["
                    + call(",\"error\":\"execution reverted\",\"calls\":[" + call("") + "]")
                    + ","
                    + call("")
                    + "]"));

    assertThat(trace.frames().stream().map(CallFrame::failed))
        .containsExactly(false, true, true, false);
    assertThat(trace.frame(2).moved()).isEqualTo(Wei.ZERO);
    assertThat(trace.frame(2).error()).isEmpty();
  }

  @Test
  void readsTenThousandFramesAndTheDeepestCall() throws MalformedException {
    StringBuilder wide = new StringBuilder(",\"calls\":[" + call(""));
    for (int i = 1; i < 10_000; i++) {
      wide.append(',').append(call(""));
    }
    assertThat(parse(call(wide + "]")).frames()).hasSize(10_001);
    assertThat(parse(nested(1_025)).frames()).hasSize(1_026);
  }

  @Test
  void refusesWhatTheEvmCannotNest() {
    assertThatThrownBy(() -> parse(nested(1_026)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("deeper than the EVM allows");
  }

  private static String nested(int depth) {
    String head = call(",\"calls\":[");
    head = head.substring(0, head.length() - 1);
    return head.repeat(depth) + call("") + "]}".repeat(depth);
  }

  @Test
  void namesTheFrameAndFieldThatIsWrong() {
    String bad = call("").replace("\"0x1\"", "\"one\"");
    assertThatThrownBy(
            () ->
                parse(
                    call(",\"calls\":[" + call("") + "," + call(",\"calls\":[" + bad + "]") + "]")))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("calls[1].calls[0].value");
    assertThatThrownBy(() -> parse(call("").replace("CALL", "JUMP"))).hasMessageContaining("type");
    assertThatThrownBy(() -> parse(call("").replace(A, "0x12"))).hasMessageContaining("from");
    assertThatThrownBy(() -> parse(call(",\"calls\":[7]"))).hasMessageContaining("calls[0]");
    assertThatThrownBy(() -> parse(call(",\"calls\":{}"))).hasMessageContaining("calls");
    assertThatThrownBy(() -> parse(call(",\"gas\":\"0x" + "f".repeat(20) + "\"")))
        .hasMessageContaining("gas");
    assertThatThrownBy(() -> parse(call(",\"output\":\"0xzz\""))).hasMessageContaining("output");
    assertThatThrownBy(() -> parse(call(",\"outputTruncated\":1")))
        .hasMessageContaining("outputTruncated");
    assertThatThrownBy(
            () -> parse(call(",\"logs\":[{\"address\":\"" + B + "\",\"topics\":[\"0x1\"]}]")))
        .hasMessageContaining("logs[0]");
    assertThatThrownBy(() -> parse("[]")).hasMessageContaining("frame");
    assertThatThrownBy(() -> parse("{")).isInstanceOf(MalformedException.class);
  }
}
