package io.tocsin.bench;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.detect.ScanReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Time of one scan, over the traces of the shipped corpus in turn. Targets: p99 of the large trace
 * at most 5 ms; the median attack, parsing included, at most 0.5 ms.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ScanBench {
  /** Which traces are scanned. */
  public enum Traces {
    /** Every transaction of the ordinary blocks. */
    ORDINARY,
    /** Recorded attacks. */
    ATTACKS,
    /** One trace of 5,000 frames, grafted together from the recorded attacks. */
    LARGE,
    /** The recorded attack with the median number of frames, parsed each time. */
    MEDIAN_PARSED
  }

  private static final int LARGE_FRAMES = 5_000;

  @Param private Traces traces = Traces.ORDINARY;

  private final Detectors detectors = new Detectors(DetectConfig.DEFAULT);
  private final List<TxTrace> all = new ArrayList<>();
  private byte[] median = new byte[0];
  private int next;

  /** Reads the corpus in {@code corpus/}, or where the property {@code tocsin.corpus} says. */
  @Setup
  public void read() throws IOException, MalformedException {
    switch (traces) {
      case ORDINARY -> {
        for (JsonNode document : documents("benign")) {
          for (JsonNode entry : document) {
            all.add(trace(entry.get("trace")));
          }
        }
      }
      case ATTACKS -> {
        for (JsonNode document : documents("exploits")) {
          all.add(trace(document));
        }
      }
      case LARGE -> all.add(large(documents("exploits")));
      case MEDIAN_PARSED -> {
        List<JsonNode> attacks = new ArrayList<>(documents("exploits"));
        attacks.sort(Comparator.comparingInt(ScanBench::frames));
        median = Json.write(attacks.get(attacks.size() / 2));
        all.add(parsed());
      }
    }
    System.out.println("# frames: " + all.getFirst().frames().size());
  }

  private static List<JsonNode> documents(String kind) throws IOException, MalformedException {
    Path corpus = Path.of(System.getProperty("tocsin.corpus", "corpus"));
    List<JsonNode> documents = new ArrayList<>();
    try (Stream<Path> files = Files.list(corpus.resolve(kind))) {
      for (Path file : files.sorted().toList()) {
        documents.add(json(file));
      }
    }
    return documents;
  }

  private static int frames(JsonNode frame) {
    int count = 1;
    for (JsonNode call : frame.path("calls")) {
      count += frames(call);
    }
    return count;
  }

  /** The first attack with all others, again and again, as further calls of its root. */
  private static TxTrace large(List<JsonNode> attacks) throws MalformedException {
    ObjectNode root = (ObjectNode) attacks.getFirst().deepCopy();
    ArrayNode calls = root.withArray("calls");
    int count = frames(root);
    for (int i = 1; count < LARGE_FRAMES; i++) {
      JsonNode next = attacks.get(i % attacks.size());
      if (!next.has("error") && count + frames(next) <= LARGE_FRAMES) {
        calls.add(next);
        count += frames(next);
      } else if (count + 1 <= LARGE_FRAMES && i > 100 * attacks.size()) {
        break;
      }
    }
    return trace(root);
  }

  private TxTrace parsed() throws MalformedException {
    return trace(Json.parse(median));
  }

  private static JsonNode json(Path file) throws IOException, MalformedException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return Json.parse(in.readAllBytes());
    }
  }

  private static TxTrace trace(JsonNode root) throws MalformedException {
    return TraceJson.parse(root, ChainId.evm(1), Hash32.ZERO, new Position.Unknown());
  }

  /** One scan of the next trace. */
  @Benchmark
  public ScanReport scan() throws MalformedException {
    next = (next + 1) % all.size();
    TxTrace trace = traces == Traces.MEDIAN_PARSED ? parsed() : all.get(next);
    return detectors.scan(trace, StateReads.NONE, History.NONE);
  }
}
