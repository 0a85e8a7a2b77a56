package io.tocsin.adapter.files;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Position;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.evaluate.Label;
import io.tocsin.detect.evaluate.Labelled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * A corpus: {@code exploits/} and {@code benign/} with call trees as geth's {@code callTracer}
 * writes them, {@code .json} or {@code .json.gz}. A file holds one call tree and has the chain and
 * the transaction in its name ({@code bsc-0x….json.gz}), or an array of {@code {"tx", "trace"}}.
 * One of the folders may be missing, and so may all tables ({@link CorpusLabels}).
 */
public final class CorpusFolder {
  private static final long MAX_TABLE = 64L << 20;

  /** Of a file that unpacks to more, nothing beyond is read. */
  private static final long MAX_BYTES = 256L << 20;

  private static final Map<String, Long> CHAINS =
      Map.ofEntries(
          Map.entry("ethereum", 1L),
          Map.entry("optimism", 10L),
          Map.entry("bsc", 56L),
          Map.entry("gnosis", 100L),
          Map.entry("polygon", 137L),
          Map.entry("fantom", 250L),
          Map.entry("base", 8_453L),
          Map.entry("arbitrum", 42_161L),
          Map.entry("avalanche", 43_114L),
          Map.entry("celo", 42_220L),
          Map.entry("moonriver", 1_285L));

  /** One file of a corpus. */
  public record Item(Path path, boolean benign) {}

  /** Takes what is read. */
  public interface Sink {
    /** A transaction. */
    void read(Labelled labelled);

    /** Something that could not be read: {@code what} names the place and the reason. */
    void unreadable(String what);
  }

  private final List<Item> items;
  private final CorpusLabels labels;

  private CorpusFolder(List<Item> items, CorpusLabels labels) {
    this.items = List.copyOf(items);
    this.labels = labels;
  }

  /**
   * Lists the files in {@code folder} and reads its tables.
   *
   * @throws MalformedException naming table and line, if one is no table
   */
  public static CorpusFolder open(Path folder) throws IOException, MalformedException {
    List<Item> items = new ArrayList<>();
    files(folder.resolve("exploits")).forEach(f -> items.add(new Item(f, false)));
    files(folder.resolve("benign")).forEach(f -> items.add(new Item(f, true)));
    CorpusLabels labels =
        new CorpusLabels(
            new CorpusLabels.Tables(
                table(folder, "exploits.csv"),
                table(folder, "exploits-labels.csv"),
                table(folder, "benign.csv"),
                table(folder, "benign-labels.csv")));
    return new CorpusFolder(items, labels);
  }

  /** Its files: attacks first, each kind by name. */
  public List<Item> items() {
    return items;
  }

  /** What the tables say that is not understood, and which attacks they name without a trace. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>(labels.notes());
    Set<Hash32> there = new HashSet<>();
    items.stream().filter(i -> !i.benign()).forEach(i -> there.add(Name.of(i.path()).tx()));
    for (Hash32 tx : labels.attacks()) {
      if (!there.contains(tx)) {
        notes.add("attack " + tx + " is in a table, and no file in exploits/ is named after it");
      }
    }
    return notes;
  }

  /** Reads one file into {@code sink}, transaction by transaction. */
  public void read(Item item, Sink sink) {
    String file = (item.benign() ? "benign/" : "exploits/") + item.path().getFileName();
    Entries entries = new Entries(item, file, sink);
    try (InputStream in = unpack(item.path())) {
      Json.elements(in, entries::take);
      entries.end();
    } catch (IOException | MalformedException e) {
      sink.unreadable(file + entries.behind() + ": " + e.getMessage());
    }
  }

  /** Reads a file that holds one call tree; chain and transaction come from its name. */
  public static TxTrace single(Path file) throws IOException, MalformedException {
    List<JsonNode> all = new ArrayList<>(1);
    try (InputStream in = unpack(file)) {
      Json.elements(in, all::add);
    }
    if (all.size() != 1) {
      throw new MalformedException("expected one call tree, found an array");
    }
    Name name = Name.of(file);
    return TraceJson.parse(all.getFirst(), name.chain(), name.tx(), new Position.Unknown());
  }

  /** What a file's name says: {@code chain-transaction}, or anything else. */
  private record Name(String stem, String chainName, Hash32 tx) {
    static Name of(Path file) {
      String stem = String.valueOf(file.getFileName()).replaceFirst("\\.json(\\.gz)?$", "");
      int dash = stem.indexOf('-');
      String hash = stem.substring(dash + 1);
      boolean named = hash.matches("0x[0-9a-f]{64}");
      return new Name(
          stem,
          named && dash > 0 ? stem.substring(0, dash) : "",
          named ? Hash32.hex(hash) : Hash32.ZERO);
    }

    ChainId chain() {
      return CorpusFolder.chain(chainName);
    }
  }

  private static ChainId chain(String name) {
    return ChainId.evm(CHAINS.getOrDefault(name, 1L));
  }

  /** The entries of one file. Owned by one call of {@link #read}. */
  private final class Entries {
    private final Item item;
    private final String file;
    private final Sink sink;
    private final Name name;
    private long since = System.nanoTime();
    private int taken;

    Entries(Item item, String file, Sink sink) {
      this.item = item;
      this.file = file;
      this.sink = sink;
      this.name = Name.of(item.path());
    }

    void take(JsonNode entry) {
      taken++;
      try {
        boolean wrapped = entry.has("trace");
        JsonNode root = wrapped ? entry.get("trace") : entry;
        Hash32 tx = wrapped ? Hash32.parse(Json.text(entry, "tx")) : name.tx();
        String chain = labels.chain(name.stem()).orElse(name.chainName());
        TxTrace trace =
            TraceJson.parse(root, CorpusFolder.chain(chain), tx, new Position.Unknown());
        sink.read(new Labelled(trace, label(tx), System.nanoTime() - since));
      } catch (MalformedException e) {
        sink.unreadable(file + ", entry " + taken + ": " + e.getMessage());
      }
      since = System.nanoTime();
    }

    private Label label(Hash32 tx) {
      return item.benign()
          ? labels.benign(tx, name.chainName(), name.stem(), file)
          : labels.attack(tx, name.chainName(), file);
    }

    void end() {
      if (taken == 0) {
        sink.unreadable(file + ": holds no transaction");
      }
    }

    String behind() {
      return taken == 0 ? "" : ", behind entry " + taken;
    }
  }

  private static InputStream unpack(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    try {
      InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw;
      return new Limited(in, MAX_BYTES);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private static CsvTable table(Path folder, String name) throws IOException, MalformedException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      return CsvTable.empty(name);
    }
    if (Files.size(file) > MAX_TABLE) {
      throw new MalformedException(name + ": is larger than 64 MiB");
    }
    return CsvTable.parse(name, Files.readAllBytes(file));
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(f -> f.toString().matches(".*\\.json(\\.gz)?")).sorted().toList();
    }
  }
}
