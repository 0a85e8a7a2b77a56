package io.tocsin.adapter.files;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the values of configuration files are written. */
public final class Parsers {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

  private static final int MAX_DIGITS = 200;

  private Parsers() {}

  /** Any text that is not blank. */
  public static String text(String value) throws MalformedException {
    if (value.isBlank()) {
      throw new MalformedException("is blank");
    }
    return value;
  }

  /** {@code true} or {@code false}. */
  public static boolean flag(String value) throws MalformedException {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new MalformedException("expected true or false, found " + Text.excerpt(value));
    };
  }

  /** A CAIP-2 chain. */
  public static ChainId chain(String value) throws MalformedException {
    return ChainId.parse(value);
  }

  /** A CAIP-10 account. */
  public static AccountId account(String value) throws MalformedException {
    return AccountId.parse(value);
  }

  /** An EVM address. */
  public static Address address(String value) throws MalformedException {
    return Address.parse(value);
  }

  /** A whole number; longer ones are refused unread, since reading takes the square of time. */
  static BigInteger integer(String value) {
    return new BigInteger(bounded(value));
  }

  private static String bounded(String value) {
    if (value.length() > MAX_DIGITS) {
      throw new NumberFormatException("longer than " + MAX_DIGITS + " characters");
    }
    return value.replace("_", "");
  }

  /** A whole number from {@code least} to {@code most}. */
  public static YamlSection.Parser<Long> whole(long least, long most) {
    return value -> {
      try {
        BigInteger number = integer(value);
        if (number.compareTo(BigInteger.valueOf(least)) >= 0
            && number.compareTo(BigInteger.valueOf(most)) <= 0) {
          return number.longValueExact();
        }
      } catch (NumberFormatException e) {
        throw new MalformedException("expected a whole number, found " + Text.excerpt(value), e);
      }
      throw new MalformedException("expected a number from " + least + " to " + most);
    };
  }

  /** A decimal number that is not negative. */
  public static BigDecimal amount(String value) throws MalformedException {
    try {
      BigDecimal number = new BigDecimal(bounded(value));
      if (number.signum() >= 0
          && Math.abs((long) number.scale()) < 100
          && number.precision() < 100) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new MalformedException("expected a number, found " + Text.excerpt(value), e);
    }
    throw new MalformedException("expected a number that is not negative");
  }

  /** A duration such as {@code 500ms}, {@code 30s}, {@code 30m}, {@code 12h} or {@code 90d}. */
  public static Duration duration(String value) throws MalformedException {
    Matcher match = DURATION.matcher(value);
    if (!match.matches()) {
      throw new MalformedException(
          "expected a duration such as 500ms, 30s, 30m, 12h or 90d, found " + Text.excerpt(value));
    }
    long count = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  /** An instant in ISO 8601, such as {@code 2027-01-01T00:00:00Z}. */
  public static Instant instant(String value) throws MalformedException {
    try {
      return Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw new MalformedException(
          "expected a time such as 2027-01-01T00:00:00Z, found " + Text.excerpt(value), e);
    }
  }

  /** One of the constants of {@code type}, written in lower case with hyphens. */
  public static <E extends Enum<E>> YamlSection.Parser<E> oneOf(Class<E> type) {
    return value -> {
      for (E constant : type.getEnumConstants()) {
        if (written(constant).equals(value)) {
          return constant;
        }
      }
      String known =
          String.join(", ", Arrays.stream(type.getEnumConstants()).map(Parsers::written).toList());
      throw new MalformedException("expected one of " + known + ", found " + Text.excerpt(value));
    };
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
