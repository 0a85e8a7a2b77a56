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

/** Time of one scan, over the traces of the shipped corpus in turn. */
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
    ATTACKS
  }

  @Param private Traces traces = Traces.ORDINARY;

  private final Detectors detectors = new Detectors(DetectConfig.DEFAULT);
  private final List<TxTrace> all = new ArrayList<>();
  private int next;

  /** Reads the corpus in {@code corpus/}, or where the property {@code tocsin.corpus} says. */
  @Setup
  public void read() throws IOException, MalformedException {
    Path corpus = Path.of(System.getProperty("tocsin.corpus", "corpus"));
    boolean blocks = traces == Traces.ORDINARY;
    try (Stream<Path> files = Files.list(corpus.resolve(blocks ? "benign" : "exploits"))) {
      for (Path file : files.sorted().toList()) {
        JsonNode document = json(file);
        if (blocks) {
          for (JsonNode entry : document) {
            all.add(trace(entry.get("trace")));
          }
        } else {
          all.add(trace(document));
        }
      }
    }
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
  public ScanReport scan() {
    next = (next + 1) % all.size();
    return detectors.scan(all.get(next), StateReads.NONE, History.NONE);
  }
}
