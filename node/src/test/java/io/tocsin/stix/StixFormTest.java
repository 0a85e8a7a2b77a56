package io.tocsin.stix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.MalformedException;
import java.time.Instant;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class StixFormTest {
  /** The forms as STIX 2.1, sections 2.9 and 3.4, has them. */
  private static final Pattern ID =
      Pattern.compile(
          "[a-z][a-z0-9-]{1,248}[a-z0-9]--[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}"
              + "-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}");

  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z");

  private static final String ANY = "0123456789abcdefgzABFGZT:.- \n\u0663\uff11";

  @Test
  void identifiersAreReadAsTheyAreWritten() throws MalformedException {
    String text = "observed-data--5d3F0c1a-0000-4abc-Bdef-00000000000a";
    assertThat(StixId.parse(text)).hasToString(text.toLowerCase(java.util.Locale.ROOT));
    assertThat(StixId.parse("abc" + text.substring(13)).type()).isEqualTo("abc");
    String longest = "a".repeat(250) + text.substring(13);
    assertThat(StixId.parse(longest).type()).hasSize(250);
    assertThatThrownBy(() -> StixId.parse("a" + longest)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> StixId.parse("ab" + text.substring(13)))
        .hasMessageStartingWith("not a STIX identifier: \"ab--");
  }

  @Test
  void timesAreReadToTheNanosecond() throws MalformedException {
    assertThat(StixTime.parse("2024-02-29T23:59:59Z"))
        .isEqualTo(Instant.ofEpochSecond(1_709_251_199));
    assertThat(StixTime.parse("2024-02-29T23:59:59.000000001Z"))
        .isEqualTo(Instant.ofEpochSecond(1_709_251_199, 1));
    assertThatThrownBy(() -> StixTime.parse("2023-02-29T00:00:00Z"))
        .hasMessage("not a STIX timestamp: \"2023-02-29T00:00:00Z\"");
  }

  @Test
  void whatIsChangedIsReadJustWhereItStillHasTheForm() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      String id = changed(random, "ab-1--00000000-1111-5222-a333-444444444444");
      assertThat(reads(id, StixFormTest::id)).as(id).isEqualTo(ID.matcher(id).matches());
      String time = changed(random, "2024-02-01T00:11:02" + (i % 2 == 0 ? ".123456789Z" : "Z"));
      if (!TIME.matcher(time).matches()) {
        assertThat(reads(time, StixFormTest::time)).as(time).isFalse();
      }
    }
  }

  private static String changed(Random random, String text) {
    StringBuilder changed = new StringBuilder(text);
    for (int n = random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(changed.length());
      char c = ANY.charAt(random.nextInt(ANY.length()));
      switch (random.nextInt(3)) {
        case 0 -> changed.setCharAt(at, c);
        case 1 -> changed.insert(at, c);
        default -> changed.deleteCharAt(at);
      }
    }
    return changed.toString();
  }

  private static boolean reads(String text, UnaryOperator<String> reader) {
    return !reader.apply(text).isEmpty();
  }

  private static String id(String text) {
    try {
      return StixId.parse(text).toString();
    } catch (MalformedException e) {
      return "";
    }
  }

  private static String time(String text) {
    try {
      return StixTime.parse(text).toString();
    } catch (MalformedException e) {
      return "";
    }
  }
}
