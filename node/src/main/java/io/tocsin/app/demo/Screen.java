package io.tocsin.app.demo;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.tocsin.base.Text;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a person sees of the demonstration: plain lines, coloured on a terminal. */
final class Screen {
  private static final String RESET = "\u001b[0m";

  private final PrintStream out;
  private final boolean coloured;

  /** Writes to {@code out}, with colours if {@code coloured}. */
  Screen(PrintStream out, boolean coloured) {
    this.out = out;
    this.coloured = coloured;
  }

  /** The meaning of a line. */
  enum Tone {
    TITLE("\u001b[1m"),
    PLAIN(""),
    NOTE("\u001b[2m"),
    GOOD("\u001b[32m"),
    BAD("\u001b[31m");

    private final String code;

    Tone(String code) {
      this.code = code;
    }
  }

  /** Writes one line. */
  void say(Tone tone, String text) {
    String shown = Text.printable(text);
    boolean plain = !coloured || tone == Tone.PLAIN;
    out.println(plain ? shown : tone.code + shown + RESET);
    out.flush();
  }

  /** Writes a plain line with values put in as {@link String#format} does. */
  @FormatMethod
  void line(@FormatString String format, Object... values) {
    say(Tone.PLAIN, String.format(Locale.ROOT, format, values));
  }

  /** Writes an empty line. */
  void gap() {
    out.println();
  }

  /** Writes a side remark. */
  void note(String text) {
    say(Tone.NOTE, "  " + text);
  }

  /** Writes how an act ended. */
  void verdict(boolean good, String text) {
    say(good ? Tone.GOOD : Tone.BAD, (good ? "  => " : "  => NOT AS DESCRIBED: ") + text);
  }

  /** Writes rows in columns; the first row is the heading, numbers are right-aligned. */
  void table(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < columns; i++) {
        String format = i == 0 ? "%-" + widths[i] + "s" : "%" + widths[i] + "s";
        cells.add(String.format(Locale.ROOT, format, row.get(i)));
      }
      say(row == rows.getFirst() ? Tone.NOTE : Tone.PLAIN, "    " + String.join("   ", cells));
    }
  }
}
