package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.keys.TlsKey;
import io.tocsin.adapter.mesh.Peer;
import io.tocsin.adapter.mesh.RogueMember;
import io.tocsin.adapter.mesh.TlsIdentity;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import io.tocsin.claim.Claim;
import io.tocsin.claim.ReportCodec;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.gossip.Membership;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Rosters;
import io.tocsin.pipeline.Stage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** The town of the demonstration, whose fifth member's node is closed and whose keys flood. */
final class FloodTown implements AutoCloseable {
  static final int HONEST = 4;
  private static final Duration SLOT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final char[] PASSWORD = "demo".toCharArray();

  private final Scope scope = new Scope();
  private final HttpClient http = HttpClient.newHttpClient();
  private final DemoWorld world;
  private final DemoTown town;
  private final List<Lender> victims = new ArrayList<>();
  private final Path folder;
  private final Membership rogue;
  private final KeyPair key;
  private final TlsIdentity tls;
  private final long said;
  private final long opened = System.nanoTime();

  /** How long alarms took from the first finding to the certificate at every honest node, in ms. */
  record Figures(List<Double> millis) {
    double median() {
      return millis.stream().sorted().skip(millis.size() / 2).findFirst().orElseThrow();
    }

    double max() {
      return millis.stream().max(Comparator.naturalOrder()).orElseThrow();
    }
  }

  private FloodTown(Path folder, int victims) throws Exception {
    this.folder = folder;
    InstantSource clock = InstantSource.system();
    world = scope.add(DemoWorld.build(NodeModules.find(), folder, clock));
    for (int i = 0; i < victims; i++) {
      this.victims.add(Lender.deploy("victim " + i, world.one()));
    }
    TownBuilder builder = new TownBuilder(world, folder, clock);
    builder.appointGuardians();
    scope.add(
        Metronome.start(world.chains().stream().map(DemoChain::builder).toList(), clock, SLOT));
    town = builder.open(scope);
    Resident liar = town.liar().resident();
    key = scope.add(liar.keys().open(io.tocsin.adapter.keys.Role.ATTEST, PASSWORD));
    TlsKey own = liar.keys().openTls(PASSWORD);
    tls = new TlsIdentity(own.privateKey(), own.certificate());
    town.liar().node().close();
    rogue = new Membership(key, town.domain(), rosters(folder.resolve("federation.json"), clock));
    await(
        "the liar's own node is gone",
        () -> {
          boolean gone = true;
          for (int node = 0; node < HONEST; node++) {
            gone &= links(node) == HONEST - 1;
          }
          return gone;
        });
    await("all hold as much of what it said", () -> heights().distinct().count() == 1);
    said = heights().findFirst().orElseThrow();
  }

  /** How much each honest node holds of what the liar said. */
  private java.util.stream.Stream<Long> heights() {
    return town.honest().stream()
        .map(
            member -> {
              Path file = member.resident().home().resolve("data").resolve("tocsin.db");
              try (Database kept = Database.openReadOnly(file)) {
                return new SqliteEnvelopeStore(kept).height(key.address());
              }
            });
  }

  static FloodTown build(Path folder, int victims) throws Exception {
    return new FloodTown(folder, victims);
  }

  private static Rosters rosters(Path file, InstantSource clock)
      throws IOException, MalformedException {
    return switch (FederationFile.read(Files.readAllBytes(file)).load(clock)) {
      case FederationFile.Loaded.Standing(Rosters rosters, _) -> rosters;
      case FederationFile.Loaded.Founding founding -> throw new AssertionError(founding);
    };
  }

  KeyPair key() {
    return key;
  }

  KeyPair stranger() {
    return KeyPair.generate(new Random(9));
  }

  Domain domain() {
    return town.domain();
  }

  /** A message of the rogue, whose number is counted from the last that honest nodes hold. */
  Bytes sealed(String topic, long number, Bytes payload) {
    return Envelope.seal(key, domain(), topic, said + number, payload).encode();
  }

  /** An exploit that never was; every second one of a contract that a member protects. */
  Claim bogus(int number) {
    LockstepChain.Head head = world.one().builder().head();
    Claim.Subject subject =
        number % 2 == 0
            ? new Claim.Subject(world.alder().address(), Keccak.hashUtf8("code"))
            : Samples.subject(number);
    return new Claim.ExploitMined(
        world.one().id(),
        Keccak.hashUtf8("bogus " + number),
        new Claim.BlockStamp(head.hash(), head.time()),
        subject);
  }

  /** Writes that many signed reports of such exploits to a file. */
  Path forge(int count) throws IOException {
    Path file = folder.resolve("flood");
    InstantSource clock = InstantSource.system();
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (int i = 1; i <= count; i++) {
        Bytes bundle = ReportCodec.encode(Samples.report(bogus(i)), key.address(), clock.instant());
        Bytes wire = sealed(ReportCodec.TOPIC.name(), i, bundle);
        out.writeInt(wire.size());
        out.write(wire.toArray());
      }
    }
    return file;
  }

  /** How long the town stands. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - opened);
  }

  /** Links to an honest member as the rogue, who is no criminal yet. */
  RogueMember linked(int node) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Optional<RogueMember> link = rogue(node);
    while (link.isEmpty() && System.nanoTime() < end) {
      link = rogue(node); // a slow machine may take too long to greet
    }
    return link.orElseThrow();
  }

  /** Asks an honest member for a link as the rogue. */
  private Optional<RogueMember> rogue(int node) throws IOException {
    Resident honest = town.honest().get(node).resident();
    Hash32 hash = TlsIdentity.hash(openTls(honest).certificate().getPublicKey());
    return RogueMember.link(
        tls,
        rogue,
        new Peer(
            honest.parts().attest().orElseThrow().address(), hash, "127.0.0.1", honest.port()));
  }

  private static TlsKey openTls(Resident resident) throws IOException {
    return resident.keys().openTls(PASSWORD);
  }

  /** Lets that many lenders be robbed, one after the other. */
  Figures alarms(int count) throws InterruptedException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Hash32 tx = world.attacker().rob(victims.removeFirst(), Terms.PRIVATE);
      assertThat(town.chronicle().await(c -> c.holders(tx) == HONEST, PATIENCE))
          .as("certified at every honest node")
          .isTrue();
      long first = nanos(tx, Stage.DETECTED).min(Comparator.naturalOrder()).orElseThrow();
      long last = nanos(tx, Stage.CERTIFIED).max(Comparator.naturalOrder()).orElseThrow();
      millis.add((last - first) / 1e6);
    }
    return new Figures(millis);
  }

  private java.util.stream.Stream<Long> nanos(Hash32 tx, Stage stage) {
    return town.chronicle().about(tx).stream()
        .filter(moment -> moment.stage() == stage)
        .map(Moment::nanos);
  }

  /** A flood of every honest node at once, and again as soon as it is cut, until it is closed. */
  final class Flood implements AutoCloseable {
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch cut = new CountDownLatch(HONEST);
    private final AtomicInteger refused = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    private Flood(Path file) {
      for (int node = 0; node < HONEST; node++) {
        int to = node;
        threads.add(Threads.start("flood-" + to, () -> run(to, file)));
      }
    }

    private void run(int to, Path file) {
      try {
        try (RogueMember link = linked(to)) {
          pour(link, file);
          while (!link.ended()) {
            link.push(sealed("noise", 1_000_000, Bytes.EMPTY));
            link.flush();
            if (stop.await(50, TimeUnit.MILLISECONDS)) {
              return;
            }
          }
        } catch (IOException e) {
          // The node has cut the link.
        }
        cut.countDown();
        while (!stop.await(100, TimeUnit.MILLISECONDS)) {
          Optional<RogueMember> asked = Optional.empty();
          try {
            asked = rogue(to);
          } catch (IOException e) {
            // The node did not even greet.
          }
          if (asked.isPresent()) {
            try (RogueMember link = asked.get()) {
              await("shut out", () -> link.ended() || stop.getCount() == 0);
            }
          }
          refused.incrementAndGet();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void pour(RogueMember link, Path file) throws IOException {
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        while (true) {
          link.push(Bytes.of(in.readNBytes(in.readInt())));
        }
      } catch (EOFException e) {
        link.flush();
      }
    }

    void awaitCut() throws InterruptedException {
      assertThat(cut.await(3, TimeUnit.MINUTES)).as("cut by every honest node").isTrue();
      FloodTown.this.await("shut out", () -> refused.get() > 0);
    }

    int refused() {
      return refused.get();
    }

    @Override
    public void close() {
      stop.countDown();
      try {
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  Flood flood(Path file) {
    return new Flood(file);
  }

  private List<String> metrics(int node) {
    int port = town.honest().get(node).node().statusPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body().lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private double value(int node, String start) {
    return metrics(node).stream()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  int count(int node, String name, String reason) {
    return (int) value(node, name + "{reason=\"" + reason + "\"}");
  }

  int links(int node) {
    return (int) value(node, "tocsin_mesh_links");
  }

  void awaitCount(int node, String name, String reason, int least) throws InterruptedException {
    await(name + " " + reason, () -> count(node, name, reason) >= least);
  }

  void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(Duration.ofMillis(20));
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }

  long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Override
  public void close() {
    scope.close();
  }
}
