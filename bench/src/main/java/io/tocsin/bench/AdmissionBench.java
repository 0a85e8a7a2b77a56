package io.tocsin.bench;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Metrics;
import io.tocsin.base.Threads;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Topic;
import io.tocsin.gossip.Admission;
import io.tocsin.gossip.Frame;
import io.tocsin.gossip.GossipConfig;
import io.tocsin.gossip.GossipLog;
import io.tocsin.gossip.Membership;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long the door takes for one envelope of 300 bytes, durable write included. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class AdmissionBench {
  private static final int ENVELOPES = 1_600;
  private static final int AUTHORS = 16;
  private static final int PAYLOAD = 300;
  private static final Domain DOMAIN = new Domain(Keccak.hashUtf8("federation"));
  private static final Topic<Bytes> TOPIC = new Topic<>("bench", payload -> payload, PAYLOAD);

  /** Where the log is. */
  public enum Log {
    /** In memory: the cost of checking and bookkeeping. */
    MEMORY,
    /** On the disk, synchronised fully: what a node has. */
    DISK
  }

  /** What comes to the door. */
  public enum Mail {
    /** Fresh envelopes of sixteen authors, one after the other. */
    FRESH,
    /** The same, each author's on its own thread, so that they share disk flushes. */
    FRESH_AT_ONCE,
    /** Envelopes that were admitted before. */
    REPEATED,
    /** Envelopes whose signature is another's. */
    FORGED
  }

  /** Where the log is. */
  @Param public Log log = Log.MEMORY;

  /** What comes to the door. */
  @Param public Mail mail = Mail.FRESH;

  private final List<List<Frame>> byAuthor = new ArrayList<>();
  private final List<List<Frame>> forged = new ArrayList<>();
  private final Map<Address, PublicKey> keys = new HashMap<>();
  private Optional<Path> directory = Optional.empty();
  private Optional<Database> database = Optional.empty();
  private Optional<Admission> door = Optional.empty();
  private Optional<KeyPair> self = Optional.empty();

  /** Signs the mail. */
  @Setup(Level.Trial)
  public void sign() {
    Random random = new Random(1);
    byte[] payload = new byte[PAYLOAD];
    for (int author = 0; author < AUTHORS; author++) {
      KeyPair key = KeyPair.generate(random);
      self = Optional.of(key);
      keys.put(key.address(), key.publicKey());
      List<Frame> good = new ArrayList<>();
      List<Frame> bad = new ArrayList<>();
      for (int sequence = 1; sequence <= ENVELOPES / AUTHORS; sequence++) {
        random.nextBytes(payload);
        Envelope envelope = Envelope.seal(key, DOMAIN, "bench", sequence, Bytes.of(payload));
        Envelope other = Envelope.seal(key, DOMAIN, "bench", sequence + 1L, Bytes.of(payload));
        Envelope forgery =
            new Envelope("bench", key.address(), sequence, envelope.payload(), other.signature());
        good.add(new Frame(key.address(), envelope.encode()));
        bad.add(new Frame(key.address(), forgery.encode()));
      }
      byAuthor.add(good);
      forged.add(bad);
    }
  }

  /** Opens a fresh log. */
  @Setup(Level.Invocation)
  public void open() throws IOException {
    Database fresh =
        switch (log) {
          case MEMORY -> Database.memory();
          case DISK -> {
            directory = Optional.of(Files.createTempDirectory("tocsin-bench"));
            yield Database.open(directory.get().resolve("tocsin.db"));
          }
        };
    database = Optional.of(fresh);
    Admission admission =
        new Admission(
            GossipConfig.DEFAULT,
            new Membership(
                self.orElseThrow(), DOMAIN, account -> Optional.ofNullable(keys.get(account))),
            new SqliteEnvelopeStore(fresh),
            InstantSource.system(),
            new GossipLog(Metrics.NONE));
    admission.subscribe(TOPIC, _ -> {});
    door = Optional.of(admission);
    if (mail == Mail.REPEATED) {
      admitAll(byAuthor);
    }
  }

  private int admitAll(List<List<Frame>> frames) {
    int accepted = 0;
    for (List<Frame> author : frames) {
      for (Frame frame : author) {
        accepted += door.orElseThrow().admit(frame).label().equals("ACCEPT") ? 1 : 0;
      }
    }
    return accepted;
  }

  /** Time for one envelope. */
  @Benchmark
  @OperationsPerInvocation(ENVELOPES)
  public int admit() throws InterruptedException {
    return switch (mail) {
      case FRESH, REPEATED -> admitAll(byAuthor);
      case FORGED -> admitAll(forged);
      case FRESH_AT_ONCE -> {
        List<Thread> threads = new ArrayList<>();
        for (List<Frame> author : byAuthor) {
          threads.add(Threads.start("bench", () -> author.forEach(door.orElseThrow()::admit)));
        }
        for (Thread thread : threads) {
          thread.join();
        }
        yield threads.size();
      }
    };
  }

  /** Closes the log. */
  @TearDown(Level.Invocation)
  public void close() throws IOException {
    database.orElseThrow().close();
    if (directory.isPresent()) {
      try (Stream<Path> files = Files.walk(directory.get())) {
        files.sorted(Comparator.reverseOrder()).forEach(AdmissionBench::delete);
      }
      directory = Optional.empty();
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
