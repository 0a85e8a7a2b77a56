package io.tocsin.bench;

import com.sun.management.OperatingSystemMXBean;
import io.tocsin.adapter.keys.TlsKey;
import io.tocsin.adapter.mesh.Peer;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.identity.Contact;
import io.tocsin.identity.Federation;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.SignedRoster;
import io.tocsin.identity.Term;
import io.tocsin.pipeline.Observer;
import io.tocsin.quorum.QuorumCertificate;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * How long a town on loopback takes from an exploit to a certificate at every member, beside what a
 * durable commit of each member costs in the same round. Arguments: rounds, then sizes of towns.
 */
public final class TownLoad implements AutoCloseable {
  private static final ChainId CHAIN = ChainId.evm(1);
  private static final int WARM_UP = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Who sees the exploit by itself. */
  enum Seen {
    /** Every member, at the same moment. */
    BY_ALL,
    /** One member, which reports it; the others find it when they look. */
    BY_ONE
  }

  private final Scope scope = new Scope();
  private final List<TownMember> members = new ArrayList<>();
  private final List<Path> directories = new ArrayList<>();
  private final JsonNode attack;
  private volatile Round round = new Round(0);
  private int rounds;

  /** One exploit: when each member held its certificate. */
  private static final class Round {
    private final long start = System.nanoTime();
    private final CountDownLatch missing;
    private final ConcurrentLinkedQueue<Double> certified = new ConcurrentLinkedQueue<>();

    Round(int members) {
      missing = new CountDownLatch(members);
    }

    void certified() {
      certified.add((System.nanoTime() - start) / 1e6);
      missing.countDown();
    }
  }

  private TownLoad(int size) throws IOException, MalformedException, InterruptedException {
    attack = attack();
    SecureRandom random = new SecureRandom();
    List<TownMember.Keys> keys = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      keys.add(
          new TownMember.Keys(
              KeyPair.generate(random),
              TlsKey.generate("member " + i, InstantSource.system().instant(), random),
              freePort()));
    }
    keys.sort(Comparator.comparing(k -> k.attest().address()));
    Rosters rosters = found(keys);
    for (TownMember.Keys each : keys) {
      Path directory = Files.createTempDirectory("tocsin-bench");
      directories.add(directory);
      members.add(scope.add(new TownMember(each, rosters, CHAIN, directory, new Witness())));
    }
    List<Peer> peers =
        keys.stream()
            .map(k -> new Peer(k.attest().address(), k.tls().hash(), "127.0.0.1", k.port()))
            .toList();
    members.forEach(member -> member.meet(peers));
    for (TownMember member : members) {
      while (member.linked() < size - 1) {
        Thread.sleep(20);
      }
    }
  }

  /** A recorded attack that the detectors find one victim of without any state. */
  private static JsonNode attack() throws IOException, MalformedException {
    Path corpus = Path.of(System.getProperty("tocsin.corpus", "corpus"), "exploits");
    try (Stream<Path> files = Files.list(corpus)) {
      for (Path file : files.sorted().toList()) {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
          JsonNode root = Json.parse(in.readAllBytes());
          TxTrace trace = TraceJson.parse(root, CHAIN, Hash32.ZERO, new Position.Unknown());
          Detectors detectors = new Detectors(DetectConfig.DEFAULT);
          if (detectors.scan(trace, StateReads.NONE, History.NONE).findings().size() == 1) {
            return root;
          }
        }
      }
    }
    throw new IllegalStateException("no attack in " + corpus + " has one victim");
  }

  private final class Witness implements Observer {
    @Override
    public void certified(QuorumCertificate certificate) {
      round.certified();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static Rosters found(List<TownMember.Keys> keys) {
    Instant from =
        InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS).minusSeconds(3_600);
    List<Member> members = new ArrayList<>();
    for (TownMember.Keys each : keys) {
      String name = each.attest().address().toString();
      members.add(
          Member.sign(
              each.attest(),
              new Member.Keys(each.tls().hash(), Keccak.hashUtf8("x" + name)),
              new Contact("127.0.0.1:" + each.port(), name),
              1));
    }
    Roster roster =
        new Roster(1, Hash32.ZERO, new Term(from, from.plus(Duration.ofDays(1))), members);
    Federation federation = Federation.founded(roster.hash(), Hash32.ZERO);
    SignedRoster signed = new SignedRoster(roster, List.of());
    for (TownMember.Keys each : keys) {
      signed = signed.endorse(each.attest(), federation.domain());
    }
    return switch (Rosters.found(signed, Hash32.ZERO, InstantSource.system())) {
      case Rosters.Founding.Founded(Rosters rosters) -> rosters;
      case Rosters.Founding.Refused refused -> throw new IllegalStateException("" + refused);
    };
  }

  /** What one kind of round came to, in milliseconds. */
  private record Result(List<Double> all, List<Double> last, List<Double> commits, double cpu) {}

  private Result play(Seen seen, int count)
      throws MalformedException, InterruptedException, ExecutionException {
    Result result = new Result(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = 0;
    for (int i = 0; i < count; i++) {
      Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
      BlockRef block = new BlockRef(++rounds, Keccak.hashUtf8("block " + rounds), now);
      ChainEvent.Traced traced = traced(block, now);
      for (TownMember member : members) {
        member.couldSee(traced);
        member.see(new ChainEvent.HeadAdvanced(CHAIN, block));
      }
      Thread.sleep(20);
      long before = machine.getProcessCpuTime();
      Round next = new Round(members.size());
      round = next;
      switch (seen) {
        case BY_ALL -> members.forEach(member -> member.see(traced));
        case BY_ONE -> members.get(i % members.size()).see(traced);
      }
      members.forEach(member -> member.see(new ChainEvent.HeadAdvanced(CHAIN, block)));
      if (!next.missing.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(next.missing.getCount() + " members lack a certificate");
      }
      Thread.sleep(5L * members.size());
      cpu += machine.getProcessCpuTime() - before;
      result.all.addAll(next.certified);
      result.last.add(next.certified.stream().mapToDouble(d -> d).max().orElseThrow());
      result.commits.addAll(commits());
    }
    return new Result(result.all, result.last, result.commits, cpu / 1e6 / count / members.size());
  }

  private ChainEvent.Traced traced(BlockRef block, Instant now) throws MalformedException {
    Hash32 tx = Keccak.hashUtf8("attack " + rounds);
    return new ChainEvent.Traced(
        TraceJson.parse(attack, CHAIN, tx, new Position.Mined(block, Hash32.ZERO)),
        new Agreement.Agreed(2, Set.of("north", "south")),
        now);
  }

  /** A commit of every member at the same moment. */
  private List<Double> commits() throws InterruptedException, ExecutionException {
    Hash32 name = Keccak.hashUtf8("commit " + rounds);
    List<Double> times = new ArrayList<>();
    try (ExecutorService at = Threads.virtual("commit")) {
      List<Future<Double>> all = new ArrayList<>();
      for (TownMember member : members) {
        all.add(
            at.submit(
                () -> {
                  long start = System.nanoTime();
                  member.commit(name);
                  return (System.nanoTime() - start) / 1e6;
                }));
      }
      for (Future<Double> one : all) {
        times.add(one.get());
      }
    }
    return times;
  }

  static double percentile(List<Double> values, double percent) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(sorted.size() * percent)));
  }

  private static String pair(List<Double> values) {
    return String.format(
        Locale.ROOT, "%.1f / %.1f", percentile(values, 0.5), percentile(values, 0.99));
  }

  @Override
  public void close() throws IOException {
    scope.close();
    for (Path directory : directories) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Runs towns of the sizes given. */
  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    List<Integer> sizes =
        args.length > 1
            ? Stream.of(args).skip(1).map(Integer::valueOf).toList()
            : List.of(5, 13, 31);
    System.out.println("| members | seen | every member p50 / p99 | last member p50 / p99 | one");
    System.out.println("  commit p50 / p99 | CPU a member and claim |   (milliseconds)");
    for (int size : sizes) {
      try (TownLoad town = new TownLoad(size)) {
        for (Seen seen : Seen.values()) {
          Result _ = town.play(seen, WARM_UP / size);
        }
        for (Seen seen : Seen.values()) {
          Result result = town.play(seen, count);
          System.out.printf(
              Locale.ROOT,
              "| %d | %s | %s | %s | %s | %.2f |%n",
              size,
              seen,
              pair(result.all),
              pair(result.last),
              pair(result.commits),
              result.cpu);
        }
      }
    }
  }
}
