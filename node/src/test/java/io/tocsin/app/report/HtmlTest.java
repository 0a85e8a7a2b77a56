package io.tocsin.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HtmlTest {
  private static final String HASH = "0x" + "0".repeat(64);

  @Test
  void encodesEveryTextAndAttribute() {
    String evil = "<script>alert('x')</script>\"&\u202e\u0007";
    Html page = new Html(evil, "p{}");
    page.element("p", evil, "title", evil).table(List.of(evil), List.of(List.of(evil)));

    String text = page.finish();

    assertThat(text).doesNotContain("<script").doesNotContain("\u202e").doesNotContain("\u0007");
    assertThat(text)
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;\\u202e\\u0007");
  }

  @Test
  void allowsOnlyItsOwnStyle() {
    String text = new Html("t", "p{color:red}").finish();

    assertThat(text)
        .contains(
            "content=\"default-src 'none'; style-src"
                + " 'sha256-p0bF+un5yUb9MBO6xRb8kPHlY2BdpHVtLiFkDrZPF64='; base-uri 'none';"
                + " form-action 'none'\"");
  }

  @Test
  void closesWhatIsOpenAndAlignsNumbers() {
    Html page = new Html("t", "");
    page.open("div")
        .table(
            List.of("a", "b", "c"), List.of(List.of("x", "1,000", HASH), List.of("y", "", HASH)));

    assertThat(page.finish())
        .contains("<td class=\"t\">x</td>", "<td class=\"n\">1,000</td>", "<td class=\"h\">0x0")
        .endsWith("</div>\n</body>\n</html>\n");
  }
}
