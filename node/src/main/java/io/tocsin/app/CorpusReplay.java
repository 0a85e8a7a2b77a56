package io.tocsin.app;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Threads;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.detect.ScanReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * Reads a corpus directory and scans every transaction in it, on two threads.
 *
 * <p>{@code exploits/<chain>-<tx>.json.gz} holds one call tree each, {@code benign/*.json.gz} an
 * array of {@code {"tx", "trace"}} each. The corpus records no state.
 */
final class CorpusReplay {
  private static final int THREADS = 2;
  private static final long MAX_BYTES = 256L << 20;

  private final Output output;
  private final Detectors detectors;

  CorpusReplay(Output output, Detectors detectors) {
    this.output = output;
    this.detectors = detectors;
  }

  /** One scanned transaction; {@code nanos} is the time of the scan alone. */
  record Scanned(Hash32 tx, boolean benign, ScanReport report, long nanos) {}

  /** What came of one file: its transactions, and how many of them could not be read. */
  private record FileResult(List<Scanned> scanned, List<String> faults) {}

  CorpusFigures run(Path directory) throws InterruptedException {
    List<Path> exploits = files(directory.resolve("exploits"));
    List<Path> benign = files(directory.resolve("benign"));
    if (exploits.isEmpty() && benign.isEmpty()) {
      throw CommandException.usage(
          directory + " holds neither exploits/*.json.gz nor benign/*.json.gz");
    }
    CorpusFigures figures = new CorpusFigures();
    int all = exploits.size() + benign.size();
    try (ExecutorService pool = Threads.cpu("replay", THREADS, all)) {
      List<Future<FileResult>> results = new ArrayList<>();
      exploits.forEach(file -> results.add(pool.submit(() -> exploit(file))));
      benign.forEach(file -> results.add(pool.submit(() -> block(file))));
      for (int i = 0; i < all; i++) {
        FileResult result = await(results.get(i));
        result.scanned().forEach(figures::add);
        result.faults().forEach(figures::fault);
        progress(i + 1, all);
      }
    }
    return figures;
  }

  private static FileResult await(Future<FileResult> result) throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void progress(int done, int all) {
    if (output.decorated()) {
      String end = done == all ? "\r\u001b[K" : "";
      System.err.print("\rreplaying " + done + " of " + all + " files" + end);
      System.err.flush();
    }
  }

  private FileResult exploit(Path file) {
    try {
      return new FileResult(List.of(scan(single(file), false)), List.of());
    } catch (IOException | MalformedException e) {
      return new FileResult(List.of(), List.of(file.getFileName() + ": " + e.getMessage()));
    }
  }

  private FileResult block(Path file) {
    List<Scanned> scanned = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    try {
      for (JsonNode entry : Json.parse(bytes(file))) {
        try {
          Hash32 tx = Hash32.parse(Json.text(entry, "tx"));
          JsonNode root = entry.get("trace");
          if (root == null) {
            throw new MalformedException("field trace: expected a call tree");
          }
          scanned.add(
              scan(TraceJson.parse(root, ChainId.evm(1), tx, new Position.Unknown()), true));
        } catch (MalformedException e) {
          faults.add(file.getFileName() + ": " + e.getMessage());
        }
      }
    } catch (IOException | MalformedException e) {
      faults.add(file.getFileName() + ": " + e.getMessage());
    }
    return new FileResult(scanned, faults);
  }

  private Scanned scan(TxTrace trace, boolean benign) {
    long start = System.nanoTime();
    ScanReport report = detectors.scan(trace, StateReads.NONE, History.NONE);
    return new Scanned(trace.tx(), benign, report, System.nanoTime() - start);
  }

  /**
   * Reads one call tree; chain and transaction come from a name like {@code bsc-0x….json.gz}, and
   * are Ethereum and zero otherwise.
   */
  static TxTrace single(Path file) throws IOException, MalformedException {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.json(\\.gz)?$", "");
    String hash = name.substring(name.indexOf('-') + 1);
    Hash32 tx = hash.matches("0x[0-9a-f]{64}") ? Hash32.parse(hash) : Hash32.ZERO;
    ChainId chain = ChainId.evm(name.startsWith("bsc-") ? 56 : 1);
    return TraceJson.parse(bytes(file), chain, tx, new Position.Unknown());
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
      byte[] all = in.readNBytes((int) MAX_BYTES + 1);
      if (all.length > MAX_BYTES) {
        throw new IOException("more than " + MAX_BYTES + " bytes");
      }
      return all;
    }
  }

  private static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(f -> f.toString().endsWith(".json.gz")).sorted().toList();
    } catch (IOException e) {
      throw CommandException.usage("cannot list " + directory + ": " + e.getMessage());
    }
  }
}
