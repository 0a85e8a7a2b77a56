package io.tocsin.adapter.mesh;

import io.tocsin.base.Address;
import io.tocsin.base.Threads;
import io.tocsin.gossip.Exchange;
import io.tocsin.gossip.Membership;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Links to all other members. Both sides dial; when two connections between the same members meet,
 * both sides keep the one dialled by the lower account. A member that cannot be reached is dialled
 * again with growing, jittered pauses. Thread-safe.
 */
public final class Mesh implements AutoCloseable {
  private static final Duration WATCH = Duration.ofMillis(200);
  private static final Duration STEADY = Duration.ofSeconds(10);
  private static final int BACKLOG = 64;
  private static final int MAX_DOUBLINGS = 20;

  private final MeshConfig config;
  private final Membership membership;
  private final Exchange exchange;
  private final Surroundings surroundings;
  private final ServerSocket server;
  private final Greeter greeter;
  private final Map<Address, Peer> peers = new ConcurrentHashMap<>();
  private final Greetings greetings;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Address, MeshLink> links = new HashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private boolean closed;

  /**
   * Time, chance and where events go.
   *
   * @param random jitter of the pauses between attempts; thread-safe
   */
  public record Surroundings(InstantSource clock, RandomGenerator random, MeshLog log) {}

  private Mesh(
      MeshConfig config,
      TlsIdentity identity,
      Membership membership,
      Exchange exchange,
      Surroundings surroundings,
      ServerSocket server) {
    this.config = config;
    this.membership = membership;
    this.exchange = exchange;
    this.surroundings = surroundings;
    this.server = server;
    this.greetings = new Greetings(config);
    this.greeter = new Greeter(identity, membership, peers, exchange.scores());
  }

  /**
   * Listens; peers come with {@link #update}.
   *
   * @throws UncheckedIOException if the address cannot be listened on
   */
  public static Mesh open(
      MeshConfig config,
      TlsIdentity identity,
      Membership membership,
      Exchange exchange,
      Surroundings surroundings) {
    ServerSocket server;
    try {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(config.listen(), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen for members at " + config.listen(), e);
    }
    Mesh mesh = new Mesh(config, identity, membership, exchange, surroundings, server);
    surroundings.log().onListening(mesh.address());
    mesh.spawn("mesh-accept", mesh::accept);
    mesh.spawn("mesh-watch", mesh::watch);
    return mesh;
  }

  private void spawn(String name, Runnable work) {
    var _ =
        Threads.start(
            name,
            () -> {
              threads.add(Thread.currentThread());
              try {
                work.run();
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** The members linked now. */
  public Set<Address> linked() {
    lock.lock();
    try {
      return Set.copyOf(links.keySet());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes these as the other members; our own entry is passed over. Links to those that left, or
   * whose TLS key changed, end; new ones are dialled. A closed mesh stays as it is.
   */
  public void update(Collection<Peer> members) {
    Map<Address, Peer> next = new HashMap<>();
    for (Peer peer : members) {
      if (!peer.account().equals(membership.self())) {
        next.put(peer.account(), peer);
      }
    }
    lock.lock();
    try {
      if (closed) {
        return;
      }
      Map<Address, Peer> before = Map.copyOf(peers);
      peers.keySet().retainAll(next.keySet());
      peers.putAll(next);
      for (MeshLink link : List.copyOf(links.values())) {
        Peer now = next.get(link.peer());
        Peer then = before.get(link.peer());
        if (now == null || then == null || !now.tlsKeyHash().equals(then.tlsKeyHash())) {
          link.end("the roster changed");
        }
      }
      next.values().stream()
          .filter(peer -> !peer.equals(before.get(peer.account())))
          .forEach(peer -> spawn("mesh-dial-" + peer.account(), () -> keepDialling(peer)));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (greetings.admit(socket)) {
          spawn("mesh-greet", () -> receive(socket));
        } else {
          surroundings.log().onRefused(String.valueOf(socket.getInetAddress()), Refusal.TOO_MANY);
          socket.close();
        }
      } catch (IOException | RuntimeException e) {
        if (!server.isClosed()) {
          surroundings.log().onAcceptFailure(e);
          pause(WATCH);
        }
      }
    }
  }

  private void receive(Socket socket) {
    Greeter.Greeting result;
    try {
      result = greeter.receive(socket);
    } finally {
      greetings.end(socket);
    }
    serve(socket, result);
  }

  /** Runs the link that a greeting led to, until it ends; how long it lasted. */
  private Duration serve(Socket socket, Greeter.Greeting result) {
    return switch (result) {
      case Greeter.Refused(Refusal reason, String who) -> {
        surroundings.log().onRefused(who, reason);
        Greetings.discard(socket);
        yield Duration.ZERO;
      }
      case Greeter.Session session -> {
        MeshLink link =
            new MeshLink(session, config, exchange, surroundings.clock(), surroundings.log());
        if (!register(link)) {
          surroundings.log().onRefused(link.peer().toString(), Refusal.SECOND_LINK);
          link.end("second link");
          yield Duration.ZERO;
        }
        try {
          surroundings.log().onLinked(link.peer(), link.dialled());
          exchange.connected(link);
          link.run();
        } finally {
          unregister(link);
          exchange.disconnected(link);
          surroundings.log().onUnlinked(link.peer(), link.why());
        }
        yield link.age();
      }
    };
  }

  private boolean register(MeshLink link) {
    lock.lock();
    try {
      MeshLink existing = links.get(link.peer());
      if (closed || !peers.containsKey(link.peer())) {
        return false;
      }
      if (existing != null && existing.open() && existing.dialled() != link.dialled()) {
        boolean oursWins = membership.self().compareTo(link.peer()) < 0;
        if (link.dialled() != oursWins) {
          return false;
        }
      }
      if (existing != null) {
        existing.end("replaced by another link");
      }
      links.put(link.peer(), link);
      surroundings.log().links(links.size());
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void unregister(MeshLink link) {
    lock.lock();
    try {
      links.remove(link.peer(), link);
      surroundings.log().links(links.size());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void keepDialling(Peer peer) {
    int attempt = membership.self().compareTo(peer.account()) < 0 ? 0 : 1;
    if (attempt > 0) {
      pause(backoff(0));
    }
    int failures = 0;
    while (waitUntilWanted(peer)) {
      failures = dialSafely(peer, failures).compareTo(STEADY) > 0 ? 0 : failures + 1;
      pause(backoff(failures - 1));
    }
  }

  private Duration dialSafely(Peer peer, int failures) {
    try {
      return dial(peer, failures == 0);
    } catch (RuntimeException e) {
      surroundings.log().onOurFailure(peer.account(), e);
      return Duration.ZERO;
    }
  }

  /** Waits while the peer is linked or shut out; false when it is no longer to be dialled. */
  private boolean waitUntilWanted(Peer peer) {
    lock.lock();
    try {
      while (!closed && peer.equals(peers.get(peer.account()))) {
        boolean idle =
            links.containsKey(peer.account()) || exchange.scores().banned(peer.account());
        if (!idle) {
          return true;
        }
        var _ = changed.await(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return false;
  }

  private Duration dial(Peer peer, boolean firstTry) {
    Socket socket = new Socket();
    greetings.begin(socket);
    Greeter.Greeting result;
    try {
      socket.connect(
          new InetSocketAddress(peer.host(), peer.port()),
          (int) config.timing().handshake().toMillis());
      result = greeter.dial(socket, peer);
    } catch (IOException e) {
      if (firstTry) {
        surroundings.log().onUnreachable(peer, String.valueOf(e.getMessage()));
      }
      Greetings.discard(socket);
      return Duration.ZERO;
    } finally {
      greetings.end(socket);
    }
    return serve(socket, result);
  }

  private Duration backoff(int failures) {
    MeshConfig.Timing timing = config.timing();
    long first = timing.firstRetry().toNanos();
    long pause =
        Math.min(timing.lastRetry().toNanos(), first << Math.clamp(failures, 0, MAX_DOUBLINGS));
    return Duration.ofNanos(pause / 2 + surroundings.random().nextLong(pause));
  }

  private void pause(Duration time) {
    lock.lock();
    try {
      long nanos = time.toNanos();
      while (!closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
        if (closed) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    boolean open = true;
    while (open) {
      pause(WATCH);
      greetings.watch();
      List<MeshLink> now;
      lock.lock();
      try {
        now = List.copyOf(links.values());
        open = !closed;
      } finally {
        lock.unlock();
      }
      now.forEach(MeshLink::watch);
    }
  }

  /** Ends all links and stops listening. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      links.values().forEach(link -> link.end("we are closing"));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      greetings.close();
      try {
        for (Thread thread : threads) {
          thread.join(config.timing().handshake());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
