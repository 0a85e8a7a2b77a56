package io.tocsin.base;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * JSON with exactly one spelling: no blanks, keys in the order of their UTF-16 units, the fewest
 * escapes, numbers as ECMAScript prints them.
 *
 * <p>Numbers are IEEE doubles there; an integer beyond 2^53 that would lose digits is refused:
 * write it as a string.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785</a>
 */
public final class CanonicalJson {
  private static final long EXACT = 1L << 53;

  private CanonicalJson() {}

  /**
   * The canonical UTF-8 bytes of {@code document}.
   *
   * @throws IllegalArgumentException for a number that is not finite, an integer beyond 2^53, a
   *     lone surrogate, or a node that JSON has no form for
   */
  public static Bytes write(JsonNode document) {
    StringBuilder out = new StringBuilder();
    node(document, out);
    return Bytes.utf8(out.toString());
  }

  private static void node(JsonNode node, StringBuilder out) {
    switch (node.getNodeType()) {
      case OBJECT -> object(node, out);
      case ARRAY -> {
        out.append('[');
        String separator = "";
        for (JsonNode element : node) {
          out.append(separator);
          node(element, out);
          separator = ",";
        }
        out.append(']');
      }
      case STRING -> string(node.stringValue(), out);
      case NUMBER -> out.append(number(node));
      case BOOLEAN -> out.append(node.booleanValue());
      case NULL -> out.append("null");
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException("JSON has no form for " + node.getNodeType());
    }
  }

  private static void object(JsonNode node, StringBuilder out) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    node.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
    out.append('{');
    String separator = "";
    for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
      out.append(separator);
      string(entry.getKey(), out);
      out.append(':');
      node(entry.getValue(), out);
      separator = ",";
    }
    out.append('}');
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else if (!Character.isSurrogate(c)) {
            out.append(c);
          } else if (Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1))) {
            out.append(c).append(text.charAt(++i));
          } else {
            throw new IllegalArgumentException("a lone surrogate at character " + i);
          }
        }
      }
    }
    out.append('"');
  }

  private static String number(JsonNode node) {
    if (node.isIntegralNumber()) {
      if (node.canConvertToLong() && Math.abs(node.longValue()) <= EXACT) {
        return Long.toString(node.longValue());
      }
      double nearest = node.bigIntegerValue().doubleValue();
      if (Double.isFinite(nearest)
          && new BigDecimal(number(nearest)).compareTo(new BigDecimal(node.bigIntegerValue()))
              == 0) {
        return number(nearest);
      }
      throw new IllegalArgumentException(
          "an integer beyond 2^53 that no double is printed as: " + Text.excerpt(node.asString()));
    }
    return number(node.numberValue().doubleValue());
  }

  /** {@code value} as ECMAScript's {@code Number.prototype.toString} prints it. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("JSON has no form for " + value);
    }
    if (value == 0) {
      return "0";
    }
    String sign = value < 0 ? "-" : "";
    BigDecimal shortest = shortest(Math.abs(value));
    String digits = shortest.unscaledValue().toString();
    int k = digits.length();
    int n = k - shortest.scale();
    if (k <= n && n <= 21) {
      return sign + digits + "0".repeat(n - k);
    }
    if (0 < n && n <= 21) {
      return sign + digits.substring(0, n) + "." + digits.substring(n);
    }
    if (-6 < n && n <= 0) {
      return sign + "0." + "0".repeat(-n) + digits;
    }
    String exponent = "e" + (n - 1 < 0 ? "-" : "+") + Math.abs(n - 1);
    return sign + digits.charAt(0) + (k == 1 ? "" : "." + digits.substring(1)) + exponent;
  }

  /** The fewest digits that read back as {@code value}; Double.toString never gives only one. */
  private static BigDecimal shortest(double value) {
    BigDecimal printed = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (printed.precision() == 2) {
      BigDecimal single = printed.round(new MathContext(1, RoundingMode.HALF_EVEN));
      if (single.doubleValue() == value) {
        return single.stripTrailingZeros();
      }
    }
    return printed;
  }
}
