package io.tocsin.adapter.mesh;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.FairQueue;
import io.tocsin.base.Threads;
import io.tocsin.gossip.Exchange;
import io.tocsin.gossip.Link;
import io.tocsin.gossip.Message;
import io.tocsin.gossip.Misbehaviour;
import io.tocsin.gossip.TokenBucket;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The link to one member: the thread that runs it reads, one of its own writes, one deals with what
 * was read. What waits to be written or dealt with is bounded, and authors take turns in it; a
 * message beyond it is dropped and counted. What comes in is limited to an allowance; frames beyond
 * it are dropped, counted, and charged to the peer once a second.
 */
final class MeshLink implements Link {
  /** The lane of what no author wrote: the talk between two nodes. */
  private static final Address TALK = Address.ZERO;

  private final Greeter.Session session;
  private final MeshConfig config;
  private final Exchange exchange;
  private final InstantSource clock;
  private final MeshLog log;

  private final FairQueue<Address, Outgoing> waiting;
  private final FairQueue<Address, Framing.Incoming> arrived =
      new FairQueue<>(ARRIVED, frame -> frame.body().size());
  private final AtomicReference<String> ended = new AtomicReference<>("");
  private final long opened = System.nanoTime();
  private volatile long heard = opened;
  private volatile long readingSince;
  private volatile long writingSince;

  // owned by the reading thread
  private final TokenBucket frames;
  private final TokenBucket bytes;

  /** What was read and is not dealt with yet: of one author half of it, for one alone. */
  private static final FairQueue.Bounds ARRIVED = new FairQueue.Bounds(512, 4L << 20);

  /** How often a worker without work looks whether the link is still open. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private record Outgoing(int kind, Bytes body) {}

  MeshLink(
      Greeter.Session session,
      MeshConfig config,
      Exchange exchange,
      InstantSource clock,
      MeshLog log) {
    this.session = session;
    this.config = config;
    this.exchange = exchange;
    this.clock = clock;
    this.log = log;
    this.waiting =
        new FairQueue<>(
            new FairQueue.Bounds(config.limits().outFrames(), config.limits().outBytes()),
            frame -> frame.body().size());
    this.frames = new TokenBucket(config.limits().inFrames(), clock.instant());
    this.bytes = new TokenBucket(config.limits().inBytes(), clock.instant());
  }

  @Override
  public Address peer() {
    return session.peer();
  }

  boolean dialled() {
    return session.dialled();
  }

  boolean open() {
    return ended.get().isEmpty();
  }

  /** Why the link ended; empty while it is open. */
  String why() {
    return ended.get();
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - opened);
  }

  @Override
  public boolean send(Bytes message) {
    return offer(TALK, new Outgoing(Framing.MESSAGE, message));
  }

  @Override
  public boolean send(Address author, Bytes message) {
    return offer(author, new Outgoing(Framing.MESSAGE, message));
  }

  private boolean offer(Address lane, Outgoing frame) {
    if (!open()) {
      return false;
    }
    if (waiting.offer(lane, frame)) {
      return true;
    }
    log.onDroppedOut();
    return false;
  }

  @Override
  public void end() {
    end("shut out");
  }

  void end(String reason) {
    if (ended.compareAndSet("", reason)) {
      try {
        session.socket().close();
      } catch (IOException e) {
        // The connection is given up either way.
        ended.set(reason + ", " + e.getMessage());
      }
    }
  }

  private static Address lane(Framing.Incoming frame) {
    return frame.kind() == Framing.MESSAGE ? Message.author(frame.body()).orElse(TALK) : TALK;
  }

  private void work() {
    try {
      while (open()) {
        arrived.poll(LOOK).ifPresent(this::handle);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is being dealt with is finished, so that nothing happens after the link is gone. */
  private static void finish(Thread worker) {
    try {
      worker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads until the link ends. */
  void run() {
    Thread writer = Threads.start("mesh-write-" + peer(), this::write);
    Thread worker = Threads.start("mesh-work-" + peer(), this::work);
    try {
      while (open()) {
        int first = Framing.begin(session.in());
        readingSince = System.nanoTime();
        Framing.Incoming frame = Framing.finish(session.in(), first, Link.MAX_BYTES);
        readingSince = 0;
        heard = System.nanoTime();
        if (allowed(frame.body().size()) && !arrived.offer(lane(frame), frame)) {
          log.onDroppedIn();
        }
      }
    } catch (Framing.TooLongException e) {
      exchange.penalise(this, Misbehaviour.OVERSIZE_FRAME);
      end(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      end(String.valueOf(e.getMessage()));
    } finally {
      end("closed");
      writer.interrupt();
      finish(worker);
    }
  }

  private boolean allowed(int size) {
    var now = clock.instant();
    if (frames.take(1, now) && bytes.take(size, now)) {
      return true;
    }
    log.onThrottled();
    exchange.penalise(this, Misbehaviour.FLOOD);
    return false;
  }

  private void handle(Framing.Incoming frame) {
    try {
      switch (frame.kind()) {
        case Framing.MESSAGE -> exchange.received(this, frame.body());
        case Framing.PING -> {
          var _ = offer(TALK, new Outgoing(Framing.PONG, Bytes.EMPTY));
        }
        case Framing.PONG -> {}
        default -> exchange.penalise(this, Misbehaviour.GARBAGE);
      }
    } catch (RuntimeException e) {
      log.onOurFailure(peer(), e);
    }
  }

  private void write() {
    try {
      while (open()) {
        Optional<Outgoing> next = waiting.poll(config.timing().ping());
        writingSince = System.nanoTime();
        if (next.isPresent()) {
          Framing.write(session.out(), next.get().kind(), next.get().body());
        } else {
          Framing.write(session.out(), Framing.PING, Bytes.EMPTY);
        }
        if (waiting.size() == 0) {
          session.out().flush();
        }
        writingSince = 0;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      end(String.valueOf(e.getMessage()));
    }
  }

  /** Ends the link if something takes too long; called now and then. */
  void watch() {
    long now = System.nanoTime();
    long frame = config.timing().frame().toNanos();
    if (overdue(readingSince, now, frame)) {
      exchange.penalise(this, Misbehaviour.SLOW);
      end("a frame took too long");
    } else if (overdue(writingSince, now, frame)) {
      end("the peer does not read");
    } else if (now - heard > config.timing().silence().toNanos()) {
      end("silence");
    }
  }

  private static boolean overdue(long since, long now, long most) {
    return since != 0 && now - since > most;
  }
}
