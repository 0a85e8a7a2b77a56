package io.tocsin.adapter.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.app.demo.FreePort;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Scope;
import io.tocsin.gossip.Exchange;
import io.tocsin.gossip.GossipConfig;
import io.tocsin.gossip.GossipLog;
import io.tocsin.gossip.Membership;
import io.tocsin.gossip.Samples;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Five members, each with its keys and a port on loopback, of whom some run. */
final class Town implements AutoCloseable {
  static final int SIZE = 5;

  /** Whoever is honest has the time that a machine needs which stalls. */
  private static final MeshConfig.Timing PATIENT =
      new MeshConfig.Timing(
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofSeconds(4),
          Duration.ofMillis(200),
          Duration.ofSeconds(2));

  private final Samples samples = new Samples(SIZE + 1, 7);
  private final List<TlsIdentity> keys = new ArrayList<>();
  private final List<Peer> peers = new ArrayList<>();
  private final List<Node> running = new ArrayList<>();
  private MeshConfig.Timing timing = PATIENT;
  private MeshConfig.Limits limits = MeshConfig.Limits.DEFAULT;

  Town() throws Exception {
    for (int i = 0; i <= SIZE; i++) {
      keys.add(TlsKeys.generate());
      peers.add(new Peer(samples.account(i), keys.get(i).hash(), "127.0.0.1", FreePort.next()));
    }
  }

  /** One running node with a database in memory. */
  static final class Node implements AutoCloseable {
    private final Scope scope = new Scope();
    private final CountingMetrics metrics = new CountingMetrics();
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final Exchange exchange;
    private final Mesh mesh;

    private Node(Town town, int number) {
      Database database = scope.add(Database.memory());
      Membership membership = town.samples.membership(number);
      Clock clock = Clock.systemUTC();
      exchange =
          scope.add(
              new Exchange(
                  GossipConfig.DEFAULT,
                  membership,
                  new SqliteEnvelopeStore(database),
                  clock,
                  new GossipLog(metrics)));
      exchange.subscribe(Samples.TALK, message -> heard.add(message.value()));
      exchange.start();
      mesh =
          scope.add(
              Mesh.open(
                  new MeshConfig(
                      new InetSocketAddress(
                          InetAddress.getLoopbackAddress(), town.peers.get(number).port()),
                      town.timing,
                      town.limits),
                  town.keys.get(number),
                  membership,
                  exchange,
                  new Mesh.Surroundings(clock, new Random(number), new MeshLog(metrics))));
      mesh.update(town.members());
    }

    Mesh mesh() {
      return mesh;
    }

    Exchange exchange() {
      return exchange;
    }

    List<String> heard() {
      return heard;
    }

    CountingMetrics metrics() {
      return metrics;
    }

    void say(String text) {
      exchange.publish(Samples.TALK, Bytes.utf8(text));
    }

    @Override
    public void close() {
      scope.close();
    }
  }

  Town timing(MeshConfig.Timing value) {
    timing = value;
    return this;
  }

  Town limits(MeshConfig.Limits value) {
    limits = value;
    return this;
  }

  Samples samples() {
    return samples;
  }

  /** The members' endpoints; the last of the samples is no member. */
  List<Peer> members() {
    return peers.subList(0, SIZE);
  }

  TlsIdentity key(int number) {
    return keys.get(number);
  }

  Node run(int number) {
    Node node = new Node(this, number);
    running.add(node);
    return node;
  }

  void stop(Node node) {
    running.remove(node);
    node.close();
  }

  /** Connects to a member with any TLS key and any membership, past the dialler. */
  Greeter.Greeting greet(int to, TlsIdentity tls, Membership as) throws Exception {
    Map<Address, Peer> directory = new ConcurrentHashMap<>();
    members().forEach(peer -> directory.put(peer.account(), peer));
    Exchange unused =
        new Exchange(
            GossipConfig.DEFAULT,
            as,
            new SqliteEnvelopeStore(Database.memory()),
            Clock.systemUTC(),
            new GossipLog(new CountingMetrics()));
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), peers.get(to).port());
    socket.setSoTimeout(60_000);
    return new Greeter(tls, as, directory, unused.scores()).dial(socket, peers.get(to));
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(Duration.ofMillis(10));
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }

  @Override
  public void close() {
    running.forEach(Node::close);
  }
}
