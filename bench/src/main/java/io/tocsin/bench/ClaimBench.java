package io.tocsin.bench;

import fr.acinq.secp256k1.Secp256k1;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.claim.Author;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Evidence;
import io.tocsin.claim.Report;
import io.tocsin.claim.ReportCodec;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyDirectory;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Signature;
import io.tocsin.gossip.Admission;
import io.tocsin.gossip.Frame;
import io.tocsin.gossip.GossipConfig;
import io.tocsin.gossip.GossipLog;
import io.tocsin.gossip.Membership;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

/**
 * How long one thread takes for a claim at the door of a node with its database on the disk, beside
 * a bare signature check. Target: at most twice the bare check.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8)
@Measurement(iterations = 10)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class ClaimBench {
  private static final int CLAIMS = 4_000;
  private static final int AUTHORS = 16;
  private static final Domain DOMAIN = new Domain(Keccak.hashUtf8("federation"));
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  /** What is done. */
  public enum What {
    /** A signature checked against a known key by libsecp256k1, without hashing or decoding. */
    SIGNATURE,
    /** A signature as all of Tocsin is checked: v too, as a contract will. */
    SIGNATURE_WITH_V,
    /** A claim's report admitted: envelope, signature, STIX bundle, order, log. */
    CLAIM,
    /** The same, its report object signed by itself as well. */
    CLAIM_SIGNED_TWICE
  }

  /** What is done. */
  @Param public What what = What.CLAIM;

  /** The three arrays that libsecp256k1 takes. */
  private static final class Signed {
    private final byte[] compact;
    private final byte[] digest;
    private final byte[] key;

    private Signed(byte[] compact, byte[] digest, byte[] key) {
      this.compact = compact;
      this.digest = digest;
      this.key = key;
    }
  }

  private final List<Frame> mail = new ArrayList<>();
  private final List<Signed> bare = new ArrayList<>();
  private final List<Signature> signatures = new ArrayList<>();
  private final List<Hash32> digests = new ArrayList<>();
  private final List<KeyPair> keys = new ArrayList<>();
  private final Map<Address, PublicKey> directory = new HashMap<>();
  private Optional<Path> folder = Optional.empty();
  private Optional<Database> database = Optional.empty();
  private Optional<Admission> door = Optional.empty();

  /** Signs everything. */
  @Setup(Level.Trial)
  public void sign() {
    Random random = new Random(1);
    for (int i = 0; i < AUTHORS; i++) {
      KeyPair key = KeyPair.generate(random);
      keys.add(key);
      directory.put(key.address(), key.publicKey());
    }
    for (int i = 0; i < CLAIMS; i++) {
      KeyPair key = keys.get(i % AUTHORS);
      Report report =
          new Report(
              claim(i),
              new Evidence(OptionalLong.of(1), List.of(), Optional.empty()),
              "It lost all.");
      Bytes bundle =
          what == What.CLAIM_SIGNED_TWICE
              ? ReportCodec.encode(report, new Author(key, DOMAIN), NOW)
              : ReportCodec.encode(report, key.address(), NOW);
      Envelope envelope = Envelope.seal(key, DOMAIN, "report", 1L + i / AUTHORS, bundle);
      mail.add(new Frame(key.address(), envelope.encode()));
      Hash32 digest = DOMAIN.digest(envelope.id());
      digests.add(digest);
      signatures.add(envelope.signature());
      byte[] point = new byte[65];
      point[0] = 4;
      System.arraycopy(key.publicKey().point().toArray(), 0, point, 1, 64);
      bare.add(
          new Signed(envelope.signature().bytes().slice(0, 64).toArray(), digest.toArray(), point));
    }
  }

  private static Claim claim(int number) {
    return new Claim.ExploitMined(
        ChainId.evm(1),
        Keccak.hashUtf8("tx " + number),
        new Claim.BlockStamp(Keccak.hashUtf8("block"), NOW),
        new Claim.Subject(Address.ZERO, Keccak.hashUtf8("code")));
  }

  /** Opens a fresh log. */
  @Setup(Level.Invocation)
  public void open() throws IOException {
    Path fresh = Files.createTempDirectory("tocsin-bench");
    folder = Optional.of(fresh);
    Database log = Database.open(fresh.resolve("tocsin.db"));
    database = Optional.of(log);
    KeyDirectory members = account -> Optional.ofNullable(directory.get(account));
    Admission admission =
        new Admission(
            GossipConfig.DEFAULT,
            new Membership(KeyPair.generate(new Random(2)), DOMAIN, members),
            new SqliteEnvelopeStore(log),
            InstantSource.system(),
            new GossipLog(Metrics.NONE));
    admission.subscribe(ReportCodec.topic(DOMAIN, members), _ -> {});
    door = Optional.of(admission);
  }

  /** Time for one. */
  @Benchmark
  @OperationsPerInvocation(CLAIMS)
  public int check() {
    int good = 0;
    for (int i = 0; i < CLAIMS; i++) {
      good += one(i) ? 1 : 0;
    }
    if (good != CLAIMS) {
      throw new IllegalStateException(good + " of " + CLAIMS + " were good");
    }
    return good;
  }

  private boolean one(int i) {
    return switch (what) {
      case SIGNATURE -> {
        Signed signed = bare.get(i);
        yield Secp256k1.get().verify(signed.compact, signed.digest, signed.key);
      }
      case SIGNATURE_WITH_V ->
          io.tocsin.crypto.Secp256k1.verify(
              signatures.get(i), digests.get(i), keys.get(i % AUTHORS).publicKey());
      case CLAIM, CLAIM_SIGNED_TWICE ->
          door.orElseThrow().admit(mail.get(i)).label().equals("ACCEPT");
    };
  }

  /** Waits for the disk and closes the log: what was admitted is all there. */
  @TearDown(Level.Invocation)
  public void close() throws IOException {
    database.orElseThrow().close();
    try (Stream<Path> files = Files.walk(folder.orElseThrow())) {
      files.sorted(Comparator.reverseOrder()).forEach(ClaimBench::delete);
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
