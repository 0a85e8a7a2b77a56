package io.tocsin.adapter.rpc;

import io.tocsin.base.MalformedException;
import io.tocsin.base.Threads;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.NodeCalls;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Keeps one endpoint connected and watched: reconnects with growing, jittered pauses, subscribes
 * again, polls where nothing can be subscribed, and says when no head comes for three slots, when
 * no pending transactions come though some are mined, or when the answers are of no use. The
 * watch's thread and the one that follows the chain report to it.
 */
final class EndpointWatch implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
  private static final int SILENT_SLOTS = 3;

  /** Useless answers in a row after which another endpoint leads. */
  private static final int FAILURES = 4;

  /** Slots after which a failing endpoint is tried again, the first time and at most. */
  private static final int FIRST_PENALTY = 1;

  private static final int LONGEST_PENALTY = 16;

  /** Learns what the endpoint brings; its methods do not block, but for {@link #sound}. */
  interface Listener {
    void head();

    void pending(Endpoint from, JsonNode note);

    void connected(Endpoint endpoint);

    void trouble(Endpoint endpoint, TroubleKind kind, String detail);

    /**
     * Asks the endpoint what a leader is asked; fails if the chain cannot be followed by it.
     *
     * @param announced the number of the head that it announced last
     */
    void sound(Endpoint endpoint, long announced) throws Fault;

    /** A number from 0 (inclusive) to 1. */
    double jitter();
  }

  private final Endpoint endpoint;
  private final RpcChainConfig.Following following;
  private final InstantSource clock;
  private final Listener listener;
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean up;
  private volatile boolean silent;
  private volatile boolean failing;
  private volatile boolean lost;
  private final AtomicInteger connection = new AtomicInteger();
  private volatile Instant lastHead;
  private volatile long highest = -1;
  private volatile long announced = -1;
  private volatile int failures;
  private final PendingPulse pulse;
  private int penalty = FIRST_PENALTY;
  private Instant pardon = Instant.EPOCH;
  private Optional<TroubleKind> told = Optional.empty();
  private Map<Capability, String> degraded = Map.of();

  EndpointWatch(
      Endpoint endpoint,
      RpcChainConfig.Following following,
      InstantSource clock,
      Listener listener) {
    this.endpoint = endpoint;
    this.following = following;
    this.clock = clock;
    this.listener = listener;
    this.lastHead = clock.instant();
    this.pulse = new PendingPulse(following.slot(), clock);
    this.thread = Threads.start("watch " + endpoint.name(), this::run);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  boolean up() {
    return up;
  }

  boolean leads() {
    return up && !silent && !failing;
  }

  /** Useless answers in a row. */
  int failures() {
    return failures;
  }

  /** The number of the head announced last, -1 if none was. */
  long announced() {
    return announced;
  }

  /** The highest number of a head that it named, -1 if none was. */
  long highest() {
    return highest;
  }

  /** A call was not answered: look at the connection now. */
  void suspect() {
    up = false;
    lost = true;
    signal.release();
  }

  /** The chain could not be followed by what the endpoint answered. */
  synchronized void failed(String reason) {
    failures++;
    if (!failing && failures >= FAILURES) {
      failing = true;
      punish();
      tell(TroubleKind.FAILING, reason);
    }
  }

  /**
   * The chain could be followed by what the endpoint answered.
   *
   * @param moved whether there was a new block
   */
  synchronized void succeeded(boolean moved) {
    failures = 0;
    if (moved) {
      penalty = FIRST_PENALTY;
    }
    if (failing) {
      failing = false;
      recovered("its answers are good again");
    }
  }

  private synchronized boolean pardoned() {
    return failing && !clock.instant().isBefore(pardon);
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      Instant since = clock.instant();
      try {
        endpoint.prepare();
        enter();
        stay();
        fall(TroubleKind.UNREACHABLE, "the connection was lost");
      } catch (Fault e) {
        fall(TroubleKind.UNREACHABLE, e.reason());
      } catch (Endpoint.WrongChain e) {
        fall(TroubleKind.WRONG_CHAIN, String.valueOf(e.getMessage()));
        pause = LONGEST_PAUSE;
      } catch (InterruptedException e) {
        return;
      }
      if (Duration.between(since, clock.instant()).compareTo(LONGEST_PAUSE) > 0) {
        pause = FIRST_PAUSE;
      }
      pause = rest(pause);
    }
  }

  /** Nothing of this connection counts from now on. */
  private void fall(TroubleKind kind, String detail) {
    up = false;
    pulse.end();
    connection.incrementAndGet();
    endpoint.forget();
    endpoint.rpc().unsubscribe();
    tell(kind, detail);
  }

  private synchronized void tell(TroubleKind kind, String detail) {
    if (!closed && !told.equals(Optional.of(kind))) {
      told = Optional.of(kind);
      listener.trouble(endpoint, kind, detail);
    }
  }

  private synchronized void recovered(String detail) {
    if (leads() && told.isPresent()) {
      told = Optional.empty();
      listener.trouble(endpoint, TroubleKind.RECOVERED, detail);
    }
  }

  /** Sleeps half to all of {@code pause}; answers the next pause, twice as long. */
  private Duration rest(Duration pause) {
    try {
      Thread.sleep((long) (pause.toMillis() * (0.5 + listener.jitter() / 2)));
    } catch (InterruptedException e) {
      closed = true;
    }
    Duration next = pause.multipliedBy(2);
    return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
  }

  /** What was silent before stays so until a new head comes. */
  private void enter() throws Fault {
    lost = false;
    if (!silent) {
      lastHead = clock.instant();
    }
    Map<Capability, String> missing = endpoint.capabilities().missing();
    if (!missing.equals(degraded)) {
      degraded = missing;
      new TreeMap<>(missing)
          .forEach(
              (capability, why) ->
                  listener.trouble(
                      endpoint,
                      TroubleKind.DEGRADED,
                      "no " + capability + ": " + capability.without() + "; " + why));
    }
    int current = connection.get();
    if (endpoint.can(Capability.NEW_HEADS)) {
      subscribe(current, this::headNote, "newHeads");
    }
    if (following.pending() && endpoint.can(Capability.PENDING_BODIES)) {
      pulse.begin();
      subscribe(current, this::pendingNote, "newPendingTransactions", true);
    }
    highest = endpoint.headNumber();
    announced = -1;
    up = true;
    recovered("connected again");
    listener.connected(endpoint);
    listener.head();
  }

  private void subscribe(int current, Consumer<JsonNode> notes, Object... parameters) throws Fault {
    Optional<NodeCalls.Reply> refused =
        endpoint
            .rpc()
            .subscribe(
                note -> {
                  if (connection.get() == current) {
                    notes.accept(note);
                  }
                },
                () -> {
                  if (connection.get() == current) {
                    lost = true;
                    signal.release();
                  }
                },
                parameters);
    if (refused.isPresent()) {
      throw new Fault(endpoint.name() + ": eth_subscribe: " + refused.get(), false);
    }
  }

  private void headNote(JsonNode header) {
    lastHead = clock.instant();
    try {
      announced = Block.number(header, "number");
      highest = Math.max(highest, announced);
    } catch (MalformedException e) {
      listener.trouble(endpoint, TroubleKind.MALFORMED, "newHeads: " + e.getMessage());
    }
    listener.head();
    if (silent) {
      signal.release();
    }
  }

  private void pendingNote(JsonNode transaction) {
    if (pulse.announced()) {
      listener.trouble(endpoint, TroubleKind.PENDING_BACK, "pending transactions come again");
    }
    listener.pending(endpoint, transaction);
  }

  /** A block with so many transactions was dealt with, whoever showed it. */
  void mined(int transactions) {
    pulse
        .mined(transactions)
        .ifPresent(detail -> listener.trouble(endpoint, TroubleKind.PENDING_SILENT, detail));
  }

  private void stay() throws Fault, InterruptedException {
    boolean polls = !endpoint.can(Capability.NEW_HEADS);
    Duration step = polls ? following.poll() : following.slot();
    while (!closed && !lost) {
      if (signal.tryAcquire(step.toMillis(), TimeUnit.MILLISECONDS)) {
        signal.drainPermits();
      }
      if (closed || lost) {
        return;
      }
      if (polls) {
        poll();
      }
      judgeSilence();
      if (pardoned()) {
        sound();
      }
    }
  }

  private void poll() throws Fault {
    long number = endpoint.headNumber();
    if (number != highest) {
      highest = number;
      lastHead = clock.instant();
      listener.head();
    }
  }

  private void judgeSilence() throws Fault {
    Duration since = Duration.between(lastHead, clock.instant());
    boolean quiet = since.compareTo(following.slot().multipliedBy(SILENT_SLOTS)) > 0;
    if (quiet && !silent) {
      silent = true;
      tell(
          TroubleKind.SILENT,
          "no head for " + since.toMillis() + " ms, " + SILENT_SLOTS + " slots are the limit");
      listener.head();
      if (endpoint.headNumber() > highest) {
        throw new Fault(endpoint.name() + ": heads are no longer announced", false);
      }
    } else if (!quiet && silent) {
      silent = false;
      recovered("heads come again");
      listener.head();
    }
  }

  private void sound() throws Fault {
    try {
      listener.sound(endpoint, announced);
      succeeded(false);
      listener.head();
    } catch (Fault e) {
      if (!e.reachable()) {
        throw e;
      }
      punish();
    }
  }

  private synchronized void punish() {
    pardon = clock.instant().plus(following.slot().multipliedBy(penalty));
    penalty = Math.min(2 * penalty, LONGEST_PENALTY);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    signal.release();
  }
}
