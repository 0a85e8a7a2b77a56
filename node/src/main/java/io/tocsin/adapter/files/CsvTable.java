package io.tocsin.adapter.files;

import io.tocsin.base.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A table as RFC 4180 writes it, with a header line. Columns are known by name, in any order and
 * whether there or not; an empty cell says nothing.
 */
record CsvTable(String name, List<Row> rows) {
  private static final int MAX_ROWS = 1_000_000;

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

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
    try (CSVParser parser =
        CSVParser.parse(text.startsWith("\ufeff") ? text.substring(1) : text, FORMAT)) {
      return new CsvTable(name, rows(name, parser));
    } catch (IOException | UncheckedIOException e) {
      throw new MalformedException(name + ": " + e.getMessage(), e);
    }
  }

  private static List<Row> rows(String name, CSVParser parser) throws MalformedException {
    List<Row> rows = new ArrayList<>();
    List<String> columns = List.of();
    for (CSVRecord record : parser) {
      List<String> cells = record.toList();
      int breaks =
          cells.stream().mapToInt(cell -> (int) cell.chars().filter(c -> c == '\n').count()).sum();
      int line = (int) parser.getCurrentLineNumber() - breaks;
      if (columns.isEmpty()) {
        columns = cells.stream().map(c -> c.strip().toLowerCase(Locale.ROOT)).toList();
        continue;
      }
      if (cells.size() > columns.size()) {
        throw fault(
            name, line, "has " + cells.size() + " cells, but the header names " + columns.size());
      }
      if (rows.size() >= MAX_ROWS) {
        throw fault(name, line, "is one of more than " + MAX_ROWS + " rows");
      }
      rows.add(new Row(line, columns, cells));
    }
    return rows;
  }

  private static MalformedException fault(String name, int line, String why) {
    return new MalformedException(name + ", line " + line + ": the row " + why);
  }
}
