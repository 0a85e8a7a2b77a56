package io.tocsin.stix;

import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** STIX timestamps: RFC 3339 in UTC, at least milliseconds where an object's version is meant. */
public final class StixTime {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern FORM =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z");

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
    if (!FORM.matcher(text).matches()) {
      throw new MalformedException("not a STIX timestamp: " + Text.excerpt(text));
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new MalformedException("not a STIX timestamp: " + Text.excerpt(text), e);
    }
  }
}
