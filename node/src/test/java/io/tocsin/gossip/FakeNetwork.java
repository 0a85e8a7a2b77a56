package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Members' exchanges in one thread over a network whose loss, delay and duplication are drawn from
 * a seed, with time moved by hand, partitions, restarts and messages of liars.
 */
public final class FakeNetwork {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Samples town;
  private final Faults faults;
  private final Random random;
  private final HandClock clock = new HandClock();
  private final List<Node> nodes = new ArrayList<>();
  private final List<FakeLink> links = new ArrayList<>();
  private final PriorityQueue<Flight> air =
      new PriorityQueue<>(Comparator.comparing(Flight::arrival).thenComparing(Flight::number));
  private long flights;

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
              GossipConfig.DEFAULT,
              town.membership(number),
              store,
              clock,
              new GossipLog(Metrics.NONE));
      made.subscribe(
          Samples.TALK,
          said -> heard.add(number(said.author()) + "/" + said.envelope().sequence()));
      made.onEquivocation(proofs::add);
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
      exchange.publish(Samples.TALK, Bytes.utf8(text));
      exchange.admission().deliveries().drain();
    }
  }

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
      return town.account(to);
    }

    @Override
    public boolean send(Bytes message) {
      if (links.contains(this) && random.nextDouble() >= faults.loss()) {
        fly(message);
        if (random.nextDouble() < faults.twice()) {
          fly(message);
        }
      }
      return true;
    }

    private void fly(Bytes message) {
      long delay = random.nextLong(faults.delay().toNanos()) + 1;
      air.add(new Flight(clock.instant().plusNanos(delay), flights++, this, message));
    }

    @Override
    public void end() {
      disconnect(from, to);
    }
  }

  /** A full mesh of the first {@code size} members of {@code town}. */
  public FakeNetwork(Samples town, int size, Faults faults, long seed) {
    this.town = town;
    this.faults = faults;
    this.random = new Random(seed);
    for (int i = 0; i < size; i++) {
      nodes.add(new Node(i));
    }
    for (int i = 0; i < size; i++) {
      join(i);
    }
  }

  private int number(Address account) {
    int number = 0;
    while (!town.account(number).equals(account)) {
      number++;
    }
    return number;
  }

  /** The node of a member. */
  public Node node(int number) {
    return nodes.get(number);
  }

  /** Opens the link between two nodes if it is closed. */
  public void connect(int one, int other) {
    if (links.stream().noneMatch(l -> l.from == one && l.to == other)) {
      FakeLink there = new FakeLink(one, other);
      FakeLink back = new FakeLink(other, one);
      links.add(there);
      links.add(back);
      nodes.get(one).exchange.connected(there);
      nodes.get(other).exchange.connected(back);
    }
  }

  /** Closes the link between two nodes; what is on its way is lost. */
  public void disconnect(int one, int other) {
    for (FakeLink link : List.copyOf(links)) {
      if (Math.min(link.from, link.to) == Math.min(one, other)
          && Math.max(link.from, link.to) == Math.max(one, other)) {
        links.remove(link);
        nodes.get(link.from).exchange.disconnected(link);
      }
    }
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
    links.stream()
        .filter(link -> link.from == from && link.to == to)
        .findFirst()
        .ifPresent(link -> link.send(message));
  }

  /** Whether two nodes are linked. */
  public boolean linked(int one, int other) {
    return links.stream().anyMatch(link -> link.from == one && link.to == other);
  }

  /** Lets time pass: messages arrive, nodes tick every second. */
  public void pass(Duration time) {
    Instant end = clock.instant().plus(time);
    Instant tick = clock.instant().plus(TICK);
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
    links.stream()
        .filter(back -> back.from == flight.link().to && back.to == flight.link().from)
        .findFirst()
        .filter(_ -> links.contains(flight.link()))
        .ifPresent(
            back -> {
              Exchange receiver = nodes.get(flight.link().to).exchange;
              receiver.received(back, flight.message());
              receiver.admission().deliveries().drain();
            });
  }
}
