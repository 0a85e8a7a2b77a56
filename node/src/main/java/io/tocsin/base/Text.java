package io.tocsin.base;

/** Text from a chain or a peer, made fit for a terminal or a log line. */
public final class Text {
  private static final int EXCERPT = 80;

  private Text() {}

  /**
   * The first 80 characters of {@code text} in quotes, with control, bidirectional and other
   * invisible characters written as escapes, so that foreign text cannot steer a terminal.
   */
  public static String excerpt(String text) {
    String shown = printable(text.length() > EXCERPT ? text.substring(0, EXCERPT) : text);
    return '"'
        + shown
        + (text.length() > EXCERPT ? "\"… (" + text.length() + " characters)" : "\"");
  }

  /** {@code text} with control, format, surrogate and private-use characters as {@code \\uXXXX}. */
  public static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              if (type == Character.CONTROL
                  || type == Character.FORMAT
                  || type == Character.SURROGATE
                  || type == Character.PRIVATE_USE
                  || type == Character.UNASSIGNED
                  || type == Character.LINE_SEPARATOR
                  || type == Character.PARAGRAPH_SEPARATOR) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }
}
