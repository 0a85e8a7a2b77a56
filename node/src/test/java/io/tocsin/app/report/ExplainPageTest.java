package io.tocsin.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceJson;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.detect.explain.Incident;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ExplainPageTest {
  private static final String EVIL = "<script>x</script>\"'&\u202e";

  private static String word(String hex) {
    return "0".repeat(64 - hex.length()) + hex;
  }

  private static String account(int number) {
    return "0x" + String.format("%040x", 0xaa00 + number);
  }

  private static String call(int from, int to, String input, String output) {
    return "{\"type\":\"CALL\",\"from\":\"%s\",\"to\":\"%s\",\"input\":\"0x%s\",\"output\":\"0x%s\""
        .formatted(account(from), account(to), input, output);
  }

  private static String string(String text) {
    String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    String padded = hex + "0".repeat((64 - hex.length() % 64) % 64);
    return word("20") + word(Integer.toHexString(hex.length() / 2)) + padded;
  }

  /** A vault is robbed of a token with a hostile name, between a failure and {@code more} calls. */
  private static String page(String more) throws MalformedException {
    String json =
        call(1, 2, "12345678", "")
            + ",\"calls\":["
            + call(2, 4, "95d89b41", string(EVIL))
            + "},"
            + call(2, 5, "99999999", "08c379a0" + string(EVIL))
            + ",\"error\":\"<img src=x>\"},"
            + call(2, 4, "70a08231" + word(account(3).substring(2)), word("64"))
            + "},"
            + call(2, 3, "abcdef01", "")
            + ",\"calls\":["
            + call(3, 4, "a9059cbb" + word(account(2).substring(2)) + word("64"), word("1"))
            + "}]}"
            + more
            + "]}";
    return ExplainPage.write(
        Incident.of(
            new Detectors(DetectConfig.DEFAULT),
            TraceJson.parse(
                json.getBytes(StandardCharsets.UTF_8),
                ChainId.evm(1),
                Hash32.hex("0x" + "1".repeat(64)),
                new Position.Unknown()),
            StateReads.NONE,
            History.NONE));
  }

  @Test
  void encodesWhateverAContractSays() throws MalformedException {
    String page = page("");
    assertThat(page)
        .doesNotContain("<script")
        .doesNotContain("<img")
        .doesNotContain("\u202e")
        .contains("&lt;script&gt;x&lt;/script&gt;", "&lt;img src=x&gt;: &quot;&lt;script&gt;");
  }

  @Test
  void loadsNothingRunsNothingAndLinksOnlyWithin() throws MalformedException {
    String page = page("");
    assertThat(page)
        .contains("default-src 'none'; style-src 'sha256-")
        .doesNotContain("http:")
        .doesNotContain("https:")
        .doesNotContain("style=\"")
        .doesNotContain("javascript")
        .endsWith("</html>\n");
    Pattern.compile("href=\"#([a-z]+\\d*)\"")
        .matcher(page)
        .results()
        .forEach(link -> assertThat(page).contains("id=\"" + link.group(1) + "\""));
  }

  @Test
  void bringsVerdictEvidenceRolesFlowsAndDoubts() throws MalformedException {
    assertThat(page(""))
        .contains(
            "Attack found",
            "Value taken with nothing given",
            "href=\"#f5\">#5</a>",
            "id=\"f5\" class=\"frame proof\"",
            "class=\"n minus\">−100<",
            "id=\"doubts\"",
            "The trace shows no price",
            "<details open=\"open\">",
            "failed: ");
  }

  @Test
  void staysSmallHoweverLongTheTrace() throws MalformedException {
    StringBuilder more = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      more.append(',')
          .append(call(2, 100 + i, String.format("%08x", i * 7919 + 1) + "ab".repeat(2_000), ""))
          .append('}');
    }
    String page = page(more.toString());
    assertThat(page.length()).isLessThan(1_500_000);
    assertThat(page).contains("of 10,006 calls are shown", "are not shown here");
  }
}
