package io.tocsin.adapter.files;

import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A table as RFC 4180 writes it, with a header line. Columns are known by name, in any order and
 * whether there or not; an empty cell says nothing.
 */
record CsvTable(String name, List<Row> rows) {
  private static final int MAX_ROWS = 1_000_000;

  /** One line, which began at {@code line} of the file. */
  record Row(int line, List<String> columns, List<String> cells) {
    /**
     * What stands in the column of this name; empty if there is no such column or nothing in it.
     */
    Optional<String> get(String column) {
      int at = columns.indexOf(column);
      return at < 0 || at >= cells.size()
          ? Optional.empty()
          : Optional.of(cells.get(at).strip()).filter(text -> !text.isEmpty());
    }
  }

  CsvTable {
    rows = List.copyOf(rows);
  }

  /** A table without rows. */
  static CsvTable empty(String name) {
    return new CsvTable(name, List.of());
  }

  /**
   * Reads a table from UTF-8 text.
   *
   * @throws MalformedException naming the table and the line
   */
  static CsvTable parse(String name, byte[] content) throws MalformedException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException(name + ": expected UTF-8 text", e);
    }
    return new Reader(name, text.startsWith("\ufeff") ? text.substring(1) : text).table();
  }

  /** Owned by one call of {@link #parse}. */
  private static final class Reader {
    private final String name;
    private final String text;
    private int at;
    private int line = 1;

    Reader(String name, String text) {
      this.name = name;
      this.text = text;
    }

    CsvTable table() throws MalformedException {
      if (text.isBlank()) {
        return empty(name);
      }
      List<String> columns = next().stream().map(c -> c.strip().toLowerCase(Locale.ROOT)).toList();
      List<Row> rows = new ArrayList<>();
      while (at < text.length()) {
        int first = line;
        List<String> cells = next();
        if (cells.size() == 1 && cells.getFirst().isBlank()) {
          continue;
        }
        if (cells.size() > columns.size()) {
          throw fault(
              first, "has " + cells.size() + " cells, but the header names " + columns.size());
        }
        if (rows.size() >= MAX_ROWS) {
          throw fault(first, "is one of more than " + MAX_ROWS + " rows");
        }
        rows.add(new Row(first, columns, cells));
      }
      return new CsvTable(name, rows);
    }

    private List<String> next() throws MalformedException {
      List<String> cells = new ArrayList<>();
      do {
        cells.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
      } while (at < text.length() && text.charAt(at++) == ',');
      return cells;
    }

    /** Ends before a comma, or at the newline, which it leaves for {@link #next} to skip. */
    private String plain() {
      int start = at;
      while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
        at++;
      }
      if (at < text.length() && text.charAt(at) == '\n') {
        line++;
      }
      String cell = text.substring(start, at);
      return cell.endsWith("\r") ? cell.substring(0, cell.length() - 1) : cell;
    }

    private String quoted() throws MalformedException {
      int first = line;
      StringBuilder cell = new StringBuilder();
      at++;
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c == '\n') {
          line++;
        }
        if (c != '"') {
          cell.append(c);
        } else if (at < text.length() && text.charAt(at) == '"') {
          cell.append(c);
          at++;
        } else {
          String rest = plain();
          if (!rest.isEmpty()) {
            throw fault(first, "has " + Text.excerpt(rest) + " behind a closing quote");
          }
          return cell.toString();
        }
      }
      throw fault(first, "opens a quote that is never closed");
    }

    private MalformedException fault(int where, String why) {
      return new MalformedException(name + ", line " + where + ": the row " + why);
    }
  }
}
