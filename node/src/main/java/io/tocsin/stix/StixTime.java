package io.tocsin.stix;

import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** STIX timestamps: RFC 3339 in UTC, at least milliseconds where an object's version is meant. */
public final class StixTime {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String FORM = "0000-00-00T00:00:00";

  private StixTime() {}

  /** {@code time} with milliseconds; finer parts are cut off. */
  public static String format(Instant time) {
    return MILLIS.format(time);
  }

  /**
   * Reads a timestamp of any precision.
   *
   * @throws MalformedException if {@code text} is anything else
   */
  public static Instant parse(String text) throws MalformedException {
    if (!formed(text)) {
      throw new MalformedException("not a STIX timestamp: " + Text.excerpt(text));
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new MalformedException("not a STIX timestamp: " + Text.excerpt(text), e);
    }
  }

  private static boolean formed(String text) {
    int end = text.length() - 1;
    int fraction = end - FORM.length() - 1;
    if (end < FORM.length()
        || text.charAt(end) != 'Z'
        || (fraction >= 0 && text.charAt(FORM.length()) != '.')
        || fraction == 0
        || fraction > 9) {
      return false;
    }
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      boolean fixed = i < FORM.length() && FORM.charAt(i) != '0';
      if (fixed ? c != FORM.charAt(i) : !digit && i != FORM.length()) {
        return false;
      }
    }
    return true;
  }
}
