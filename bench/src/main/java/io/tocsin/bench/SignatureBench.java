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
import io.tocsin.detect.TraceFacts;
import io.tocsin.detect.signature.Course;
import io.tocsin.detect.signature.Derivation;
import io.tocsin.detect.signature.Derivation.Derived;
import io.tocsin.detect.signature.Signature;
import io.tocsin.detect.signature.SignatureParser;
import io.tocsin.detect.signature.SignatureParser.Parsed;
import io.tocsin.detect.signature.SignatureSet;
import io.tocsin.detect.signature.SignatureSet.Budget;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Time to look for 10,000 signatures in one transaction, the facts that all detectors share being
 * known. Targets: 1 ms in about 100 frames, 50 ms in 5,000. The signatures are those derived from
 * the shipped attacks, and others of random events of the same kinds.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SignatureBench {
  /** In what is looked for. */
  public enum Traces {
    /** The recorded attack with about 100 frames. */
    MEDIAN,
    /** 5,000 frames, grafted together from the recorded attacks. */
    LARGE
  }

  private static final int SIGNATURES = 10_000;
  private static final int LARGE_FRAMES = 5_000;

  private static final List<String> EVENTS =
      List.of(
          "call sender -> V",
          "call sender -> V { call V -> sender }",
          "call sender -> V { call anyone -> sender { call sender -> V } }",
          "call sender -> anyone { call anyone -> W via transfer }",
          "call sender -> W via skim",
          "call sender -> V via swap",
          "call V -> W via burn",
          "call sender -> V via borrow",
          "call sender -> V via redeem",
          "call sender -> V via initialize",
          "read V -> W",
          "delegate V -> anyone",
          "create sender -> anyone",
          "price W",
          "transfer W: V -> sender",
          "transfer native: V -> sender",
          "transfer W: nobody -> sender",
          "transfer W: sender -> V",
          "anywhere transfer anyone: V -> anyone",
          "anywhere call W -> sender");

  private static final List<String> TRAITS =
      List.of("account", "loser", "victim", "bystander", "pool", "lender", "token", "oracle");

  @Param private Traces traces = Traces.MEDIAN;

  private SignatureSet set = new SignatureSet(List.of(), Budget.DEFAULT);
  private List<TraceFacts> facts = List.of();

  /** Reads the corpus in {@code corpus/}, or where the property {@code tocsin.corpus} says. */
  @Setup
  public void read() throws IOException, MalformedException {
    List<JsonNode> attacks = documents();
    List<Course> courses = new ArrayList<>();
    for (JsonNode attack : attacks) {
      facts(attack).forEach(f -> courses.add(Course.of(f)));
    }
    List<Signature> all = new ArrayList<>();
    Derivation derivation = new Derivation(List.of(), Budget.DEFAULT, 3);
    for (Course course : courses) {
      if (derivation.derive(List.of(course), Set.of()) instanceof Derived.Ready ready) {
        all.addAll(ready.signatures());
      }
    }
    int derived = all.size();
    Random random = new Random(1);
    while (all.size() < SIGNATURES) {
      if (SignatureParser.parse(text(random)) instanceof Parsed.Ready ready) {
        all.addAll(ready.signatures());
      }
    }
    set = new SignatureSet(all, Budget.DEFAULT);
    facts =
        switch (traces) {
          case MEDIAN ->
              facts(
                  attacks.stream()
                      .min(Comparator.comparingInt(a -> Math.abs(frames(a) - 100)))
                      .orElseThrow());
          case LARGE -> facts(large(attacks));
        };
    SignatureSet.Answer answer = match();
    System.out.printf(
        "# %d frames, %d derived of %d signatures: %d match, %d not judged, %d events tried%n",
        facts.getFirst().trace().frames().size(),
        derived,
        all.size(),
        answer.hits().size(),
        answer.unjudged().size(),
        answer.tried());
  }

  private static String text(Random random) {
    StringBuilder text =
        new StringBuilder("signature \"random\" role V: ")
            .append(TRAITS.get(random.nextInt(TRAITS.size())))
            .append(" role W: ")
            .append(TRAITS.get(random.nextInt(TRAITS.size())))
            .append('\n');
    int events = 4 + random.nextInt(5);
    for (int i = 0; i < events; i++) {
      text.append(EVENTS.get(random.nextInt(EVENTS.size()))).append('\n');
    }
    return text.toString();
  }

  private static List<JsonNode> documents() throws IOException, MalformedException {
    Path corpus = Path.of(System.getProperty("tocsin.corpus", "corpus"));
    List<JsonNode> documents = new ArrayList<>();
    try (Stream<Path> files = Files.list(corpus.resolve("exploits"))) {
      for (Path file : files.sorted().toList()) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          documents.add(Json.parse(in.readAllBytes()));
        }
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

  private static JsonNode large(List<JsonNode> attacks) {
    ObjectNode root = (ObjectNode) attacks.getFirst().deepCopy();
    ArrayNode calls = root.withArray("calls");
    int count = frames(root);
    for (int i = 1; i < 100 * attacks.size() && count < LARGE_FRAMES; i++) {
      JsonNode next = attacks.get(i % attacks.size());
      if (!next.has("error") && count + frames(next) <= LARGE_FRAMES) {
        calls.add(next);
        count += frames(next);
      }
    }
    return root;
  }

  private static List<TraceFacts> facts(JsonNode root) throws MalformedException {
    TxTrace trace = TraceJson.parse(root, ChainId.evm(1), Hash32.ZERO, new Position.Unknown());
    return new Detectors(DetectConfig.DEFAULT)
        .facts(trace, StateReads.NONE, History.NONE).stream().toList();
  }

  /** Prints the processor time of a run, which other load on the machine lengthens less. */
  @TearDown
  public void processorTime() {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long[] times = new long[200];
    for (int i = 0; i < times.length; i++) {
      long start = clock.getCurrentThreadCpuTime();
      match();
      times[i] = clock.getCurrentThreadCpuTime() - start;
    }
    Arrays.sort(times);
    System.out.printf(
        Locale.ROOT,
        "# processor time: least %.2f ms, p50 %.2f ms, p90 %.2f ms%n",
        times[0] / 1e6,
        times[100] / 1e6,
        times[180] / 1e6);
  }

  /** One transaction, from its facts to the answer on all signatures. */
  @Benchmark
  public SignatureSet.Answer match() {
    return set.match(Course.of(facts.getFirst()));
  }
}
