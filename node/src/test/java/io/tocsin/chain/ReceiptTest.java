package io.tocsin.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ReceiptTest {
  private static final String A = "0x" + "aa".repeat(20);
  private static final String B = "0x" + "bb".repeat(20);
  private static final Hash32 TX = Hash32.hex("0x" + "01".repeat(32));

  private static JsonNode json(String text) throws MalformedException {
    return Json.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static TxTrace trace(String extra) throws MalformedException {
    return TraceJson.parse(
        json(
            "{'type':'CALL','from':'"
                + A
                + "','to':'"
                + B
                + "','value':'0x0','input':'0x01',"
                + "'gasUsed':'0x5208',"
                + extra
                + "'logs':["
                + log("11", 0)
                + ","
                + log("33", 1)
                + "],"
                + "'calls':[{'type':'CALL','from':'"
                + B
                + "','to':'"
                + A
                + "','value':'0x0',"
                + "'input':'0x','logs':["
                + log("22", 0)
                + "]}]}"),
        ChainId.evm(1),
        TX,
        new Position.Unknown());
  }

  private static String log(String topic, int position) {
    return "{'address':'"
        + B
        + "','topics':['0x"
        + topic.repeat(32)
        + "'],'data':'0x',"
        + "'position':'0x"
        + position
        + "'}";
  }

  private static Receipt receipt(String status, String... topics) throws MalformedException {
    StringBuilder logs = new StringBuilder();
    for (String topic : topics) {
      logs.append(logs.isEmpty() ? "" : ",").append(log(topic, 0));
    }
    return Receipt.parse(
        json(
            "{'transactionHash':'"
                + TX
                + "','blockHash':'0x"
                + "02".repeat(32)
                + "','status':'"
                + status
                + "','contractAddress':null,'logs':["
                + logs
                + "]}"));
  }

  @Test
  void eventsComeInTheOrderTheyWereEmitted() throws MalformedException {
    assertThat(TraceDigest.effectiveLogs(trace("")))
        .extracting(l -> l.topics().getFirst().toString().substring(2, 4))
        .containsExactly("11", "22", "33");
    assertThat(receipt("0x1", "11", "22", "33").mismatch(trace(""))).isEmpty();
  }

  @Test
  void findsEveryDifferenceBetweenReceiptAndTrace() throws MalformedException {
    assertThat(receipt("0x0", "11", "22", "33").mismatch(trace(""))).isPresent();
    assertThat(receipt("0x1", "11", "33", "22").mismatch(trace(""))).isPresent();
    assertThat(receipt("0x1", "11", "22").mismatch(trace(""))).isPresent();
  }

  @Test
  void failedTransactionHasNoEvents() throws MalformedException {
    TxTrace failed = trace("'error':'execution reverted',");
    assertThat(TraceDigest.effectiveLogs(failed)).isEmpty();
    assertThat(receipt("0x0").mismatch(failed)).isEmpty();
    assertThat(receipt("0x1").mismatch(failed)).isPresent();
  }

  @Test
  void digestIgnoresGasAndErrorTextsButNothingElse() throws MalformedException {
    TxTrace plain = trace("");
    assertThat(TraceDigest.of(trace("'gas':'0x1',"))).isEqualTo(TraceDigest.of(plain));
    assertThat(TraceDigest.of(trace("'error':'a',")))
        .isEqualTo(TraceDigest.of(trace("'error':'b',")))
        .isNotEqualTo(TraceDigest.of(plain));
    assertThat(TraceDigest.of(trace("'output':'0x01',"))).isNotEqualTo(TraceDigest.of(plain));
  }
}
