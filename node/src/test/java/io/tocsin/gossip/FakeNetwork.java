package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Metrics;
import io.tocsin.crypto.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Members' exchanges in one thread over a network whose loss, delay and duplication are drawn from
 * a seed, with time moved by hand, partitions, restarts and messages of liars.
 */
public final class FakeNetwork {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final List<Membership> town;
  private Faults faults;
  private final long seed;
  private final Map<Way, Random> luck = new HashMap<>();
  private final HandClock clock;
  private final Tenants tenants;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Way, FakeLink> links = new LinkedHashMap<>();
  private final PriorityQueue<Flight> air =
      new PriorityQueue<>(Comparator.comparing(Flight::arrival).thenComparing(Flight::number));
  private long flights;
  private Instant tick;

  /**
   * What the network does to messages.
   *
   * @param loss the share that is lost
   * @param twice the share that arrives twice
   * @param delay the longest delay; each message draws its own, so order is not kept
   */
  public record Faults(double loss, double twice, Duration delay) {
    /** A network without faults, though not without delay. */
    public static final Faults NONE = new Faults(0, 0, Duration.ofMillis(20));
  }

  /** What runs behind each node's door. */
  public interface Tenants {
    /** Only listens to {@link Samples#TALK}. */
    Tenants NONE = (_, _) -> {};

    /** A node starts, at first or after a crash; its exchange hands nothing on before this ends. */
    void moveIn(int number, Exchange exchange);
  }

  /** One member's node. */
  public final class Node {
    private final int number;
    private final MemoryEnvelopeStore store = new MemoryEnvelopeStore();
    private final List<String> heard = new ArrayList<>();
    private final List<Equivocation> proofs = new ArrayList<>();
    private Exchange exchange;

    private Node(int number) {
      this.number = number;
      this.exchange = wake();
    }

    private Exchange wake() {
      Exchange made =
          new Exchange(
              GossipConfig.DEFAULT, town.get(number), store, clock, new GossipLog(Metrics.NONE));
      made.subscribe(
          Samples.TALK,
          said -> heard.add(number(said.author()) + "/" + said.envelope().sequence()));
      made.onEquivocation(proofs::add);
      tenants.moveIn(number, made);
      return made;
    }

    /** What its listener was given, as {@code author/sequence}. */
    public List<String> heard() {
      return heard;
    }

    /** The contradictions it was told of. */
    public List<Equivocation> proofs() {
      return proofs;
    }

    /** Its log. */
    public MemoryEnvelopeStore store() {
      return store;
    }

    /** Its exchange. */
    public Exchange exchange() {
      return exchange;
    }

    /** Publishes a text. */
    public void say(String text) {
      publish(Samples.TALK, Bytes.utf8(text));
    }

    /** Publishes anything. */
    public void publish(Topic<?> topic, Bytes payload) {
      exchange.publish(topic, payload);
      exchange.admission().deliveries().drain();
    }
  }

  private record Way(int from, int to) {}

  private record Flight(Instant arrival, long number, FakeLink link, Bytes message) {}

  private final class FakeLink implements Link {
    private final int from;
    private final int to;

    FakeLink(int from, int to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public Address peer() {
      return town.get(to).self();
    }

    @Override
    public boolean send(Bytes message) {
      if (up() && luck().nextDouble() >= faults.loss()) {
        fly(message);
        if (luck().nextDouble() < faults.twice()) {
          fly(message);
        }
      }
      return true;
    }

    /** The same in every run, so that a node that keeps links in a hash table serves them alike. */
    @Override
    public int hashCode() {
      return 31 * from + to;
    }

    @Override
    public boolean equals(Object o) {
      return this == o;
    }

    /** Of its own for each way, so that the order in which a node serves its peers changes none. */
    private Random luck() {
      return luck.computeIfAbsent(
          new Way(from, to), way -> new Random(seed + 1_000_003L * way.from() + way.to()));
    }

    boolean up() {
      FakeLink now = links.get(new Way(from, to));
      return now != null && now.equals(this);
    }

    private void fly(Bytes message) {
      long delay = luck().nextLong(faults.delay().toNanos()) + 1;
      air.add(new Flight(clock.instant().plusNanos(delay), flights++, this, message));
    }

    @Override
    public void end() {
      disconnect(from, to);
    }
  }

  /** A full mesh of the first {@code size} members of {@code town}. */
  public FakeNetwork(Samples town, int size, Faults faults, long seed) {
    this(
        IntStream.range(0, size).mapToObj(town::membership).toList(),
        faults,
        seed,
        new HandClock(),
        Tenants.NONE);
  }

  /** A full mesh of these members, with what runs behind their doors. */
  public FakeNetwork(
      List<Membership> town, Faults faults, long seed, HandClock clock, Tenants tenants) {
    this.town = List.copyOf(town);
    this.faults = faults;
    this.seed = seed;
    this.clock = clock;
    this.tenants = tenants;
    this.tick = clock.instant().plus(TICK);
    int size = town.size();
    for (int i = 0; i < size; i++) {
      nodes.add(new Node(i));
    }
    for (int i = 0; i < size; i++) {
      join(i);
    }
  }

  private int number(Address account) {
    int number = 0;
    while (!town.get(number).self().equals(account)) {
      number++;
    }
    return number;
  }

  /** How many members there are. */
  public int size() {
    return nodes.size();
  }

  /** The node of a member. */
  public Node node(int number) {
    return nodes.get(number);
  }

  /** Opens the link between two nodes if it is closed. */
  public void connect(int one, int other) {
    if (!linked(one, other)) {
      FakeLink there = new FakeLink(one, other);
      FakeLink back = new FakeLink(other, one);
      links.put(new Way(one, other), there);
      links.put(new Way(other, one), back);
      nodes.get(one).exchange.connected(there);
      nodes.get(other).exchange.connected(back);
    }
  }

  /** Closes the link between two nodes; what is on its way is lost. */
  public void disconnect(int one, int other) {
    for (Way way : List.of(new Way(one, other), new Way(other, one))) {
      FakeLink link = links.remove(way);
      if (link != null) {
        nodes.get(way.from()).exchange.disconnected(link);
      }
    }
  }

  /** From now on the network loses and repeats nothing. */
  public void calm() {
    faults = Faults.NONE;
  }

  /** Takes a node off the network. */
  public void leave(int number) {
    for (int i = 0; i < nodes.size(); i++) {
      disconnect(number, i);
    }
  }

  /** Links a node to all others. */
  public void join(int number) {
    for (int i = 0; i < nodes.size(); i++) {
      if (i != number) {
        connect(number, i);
      }
    }
  }

  /** Stops a node without ceremony and starts it again on what is in its log. */
  public void crash(int number) {
    leave(number);
    Node node = nodes.get(number);
    node.exchange = node.wake();
    node.exchange.admission().deliveries().drain();
    join(number);
  }

  /** Lets a member send any bytes to another over their link, past its own door. */
  public void smuggle(int from, int to, Bytes message) {
    FakeLink link = links.get(new Way(from, to));
    if (link != null) {
      boolean _ = link.send(message);
    }
  }

  /** Whether two nodes are linked. */
  public boolean linked(int one, int other) {
    return links.containsKey(new Way(one, other));
  }

  /** Lets time pass: messages arrive, nodes tick every second. */
  public void pass(Duration time) {
    Instant end = clock.instant().plus(time);
    while (clock.instant().isBefore(end)) {
      Instant next = tick.isBefore(end) ? tick : end;
      while (!air.isEmpty() && !air.peek().arrival().isAfter(next)) {
        Flight flight = air.remove();
        clock.pass(Duration.between(clock.instant(), flight.arrival()));
        arrive(flight);
      }
      clock.pass(Duration.between(clock.instant(), next));
      if (next.equals(tick)) {
        nodes.forEach(node -> node.exchange.tick());
        tick = tick.plus(TICK);
      }
    }
  }

  private void arrive(Flight flight) {
    FakeLink back = links.get(new Way(flight.link().to, flight.link().from));
    if (back != null && flight.link().up()) {
      Exchange receiver = nodes.get(flight.link().to).exchange;
      receiver.received(back, flight.message());
      receiver.tell();
      receiver.admission().deliveries().drain();
    }
  }
}
