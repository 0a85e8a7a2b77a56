package io.tocsin.adapter.files;

import io.tocsin.adapter.files.CsvTable.Row;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.detect.evaluate.Label;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the tables of a corpus say of its transactions. Every table and every column may be missing;
 * a value that is not understood is noted with table, line and column, and counts as not given.
 *
 * <p>{@code exploits.csv} and {@code exploits-labels.csv} (the second wins) have {@code tx}, {@code
 * chain}, {@code date}, {@code name}, and {@code type_class} or {@code class} or {@code type};
 * {@code benign.csv} has {@code block} (the file's name), {@code chain}, {@code date}, {@code
 * lookalike}; {@code benign-labels.csv} has {@code tx} and {@code lookalike}.
 */
final class CorpusLabels {
  /** The tables, each empty where there is none. */
  record Tables(CsvTable exploits, CsvTable labels, CsvTable benign, CsvTable lookalikes) {}

  private record Entry(Optional<LocalDate> date, String chain, String kind, String name) {
    static final Entry NONE = new Entry(Optional.empty(), "", "", "");

    /** With what {@code more} says, where it says anything. */
    Entry with(Entry more) {
      return new Entry(
          more.date.isPresent() ? more.date : date,
          more.chain.isEmpty() ? chain : more.chain,
          more.kind.isEmpty() ? kind : more.kind,
          more.name.isEmpty() ? name : more.name);
    }
  }

  private final Map<Hash32, Entry> attacks = new LinkedHashMap<>();
  private final Map<String, Entry> files = new LinkedHashMap<>();
  private final Map<Hash32, String> lookalikes = new HashMap<>();
  private final List<String> notes = new ArrayList<>();

  CorpusLabels(Tables tables) {
    for (CsvTable table : List.of(tables.exploits(), tables.labels())) {
      for (Row row : table.rows()) {
        tx(table, row).ifPresent(tx -> attacks.merge(tx, entry(table, row), Entry::with));
      }
    }
    for (Row row : tables.benign().rows()) {
      Optional<String> file = row.get("block").or(() -> row.get("file"));
      file.ifPresentOrElse(
          name -> files.put(name, entry(tables.benign(), row)),
          () -> note(tables.benign(), row, "block", "expected the name of a file, found nothing"));
    }
    for (Row row : tables.lookalikes().rows()) {
      tx(tables.lookalikes(), row)
          .ifPresent(tx -> lookalikes.put(tx, row.get("lookalike").map(this::kind).orElse("")));
    }
  }

  /** What was not understood. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** Attacks that the tables name. */
  List<Hash32> attacks() {
    return List.copyOf(attacks.keySet());
  }

  /** The label of an attack in {@code file}, which by its name is on {@code chain}. */
  Label attack(Hash32 tx, String chain, String file) {
    Entry entry = attacks.getOrDefault(tx, Entry.NONE);
    return new Label(
        false,
        entry.chain().isEmpty() ? chain : entry.chain(),
        entry.date(),
        entry.kind(),
        entry.name(),
        file);
  }

  /** The label of a harmless transaction in the file {@code stem}. */
  Label benign(Hash32 tx, String chain, String stem, String file) {
    Entry entry = files.getOrDefault(stem, Entry.NONE);
    String on = entry.chain().isEmpty() ? chain : entry.chain();
    return new Label(
        true,
        on,
        entry.date().or(() -> BlockDates.of(on, stem)),
        lookalikes.getOrDefault(tx, entry.kind()),
        entry.name(),
        file);
  }

  /** The chain of the file {@code stem} of harmless transactions, as its table says. */
  Optional<String> chain(String stem) {
    return Optional.ofNullable(files.get(stem)).map(Entry::chain).filter(c -> !c.isEmpty());
  }

  private Entry entry(CsvTable table, Row row) {
    return new Entry(
        date(table, row),
        row.get("chain").map(c -> c.toLowerCase(Locale.ROOT)).orElse(""),
        row.get("type_class")
            .or(() -> row.get("class"))
            .or(() -> row.get("lookalike"))
            .or(() -> row.get("type"))
            .map(this::kind)
            .orElse(""),
        row.get("name").orElse(""));
  }

  private String kind(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[\\s_]+", "-");
  }

  private Optional<Hash32> tx(CsvTable table, Row row) {
    String text = row.get("tx").orElse("");
    try {
      return Optional.of(Hash32.parse(text));
    } catch (MalformedException e) {
      note(table, row, "tx", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<LocalDate> date(CsvTable table, Row row) {
    Optional<String> text = row.get("date");
    try {
      return text.map(LocalDate::parse);
    } catch (DateTimeParseException e) {
      note(
          table,
          row,
          "date",
          "expected a date like 2024-04-26, found " + text.map(Text::excerpt).orElse(""));
      return Optional.empty();
    }
  }

  private void note(CsvTable table, Row row, String column, @Nullable String why) {
    notes.add(table.name() + ", line " + row.line() + ", column " + column + ": " + why);
  }
}
