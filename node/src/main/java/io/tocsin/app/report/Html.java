package io.tocsin.app.report;

import io.tocsin.base.Text;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A page under construction. All text is encoded; tags, attributes' names and classes are constants
 * of the code. A content security policy forbids everything but the page's own style.
 */
final class Html {
  private static final Pattern NUMBER =
      Pattern.compile("[-+×]?[0-9][0-9,.]*(e[-+][0-9]+)?( ?%| ms)?|");

  /** Elements within a line: no space is added behind them. */
  private static final Set<String> INLINE = Set.of("a", "b", "code", "span", "strong");

  private static final Pattern HASH = Pattern.compile("0x[0-9a-f]{64}");

  private final StringBuilder out = new StringBuilder(1 << 16);
  private final Deque<String> open = new ArrayDeque<>();

  Html(String title, String style) {
    String policy =
        "default-src 'none'; style-src 'sha256-"
            + digest(style)
            + "'; base-uri 'none'; form-action 'none'";
    out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .append(policy)
        .append("\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>")
        .append(encode(title))
        .append("</title>\n<style>")
        .append(style)
        .append("</style>\n</head>\n<body>\n");
  }

  private static String digest(String style) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code text} as it may stand in an element or a quoted attribute. */
  static String encode(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    Text.printable(text)
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }

  /** Opens an element; {@code attributes} are names and values in turn. */
  Html open(String tag, String... attributes) {
    start(tag, attributes);
    open.push(tag);
    return this;
  }

  private void start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ')
          .append(attributes[i])
          .append("=\"")
          .append(encode(attributes[i + 1]))
          .append('"');
    }
    out.append('>');
  }

  /** Closes the element opened last. */
  Html close() {
    end(open.pop());
    return this;
  }

  private void end(String tag) {
    out.append("</").append(tag).append(INLINE.contains(tag) ? ">" : ">\n");
  }

  /** Text within the element opened last. */
  Html text(String text) {
    out.append(encode(text));
    return this;
  }

  /** A whole element that holds text. */
  Html element(String tag, String text, String... attributes) {
    start(tag, attributes);
    out.append(encode(text));
    end(tag);
    return this;
  }

  /** A table; columns of numbers stand to the right, hashes may be broken. */
  Html table(List<String> header, List<List<String>> rows) {
    open("div", "class", "wide").open("table").open("thead").open("tr");
    for (int i = 0; i < header.size(); i++) {
      element("th", header.get(i), "scope", "col", "class", kind(rows, i));
    }
    close().close().open("tbody");
    for (List<String> row : rows) {
      open("tr");
      for (int i = 0; i < row.size(); i++) {
        element("td", row.get(i), "class", kind(rows, i));
      }
      close();
    }
    return close().close().close();
  }

  /** Opens a table whose rows are put in one by one; a column that begins with + holds numbers. */
  Html openTable(String... columns) {
    open("div", "class", "wide").open("table").open("thead").open("tr");
    for (String column : columns) {
      boolean number = column.startsWith("+");
      element("th", column.substring(number ? 1 : 0), "scope", "col", "class", number ? "n" : "t");
    }
    return close().close().open("tbody");
  }

  /** Closes what {@link #openTable} opened. */
  Html closeTable() {
    return close().close().close();
  }

  /** Whether a column holds numbers, hashes, or text. */
  private static String kind(List<List<String>> rows, int column) {
    if (rows.stream().allMatch(row -> NUMBER.matcher(row.get(column)).matches())) {
      return "n";
    }
    return rows.stream().allMatch(row -> HASH.matcher(row.get(column)).matches()) ? "h" : "t";
  }

  /** The finished page. */
  String finish() {
    while (!open.isEmpty()) {
      close();
    }
    return out.append("</body>\n</html>\n").toString();
  }
}
