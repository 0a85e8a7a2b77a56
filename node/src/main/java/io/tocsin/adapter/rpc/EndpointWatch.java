package io.tocsin.adapter.rpc;

import io.tocsin.base.Threads;
import io.tocsin.chain.ChainEvent.TroubleKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Keeps one endpoint connected and watched: reconnects with growing, jittered pauses, subscribes
 * again, polls where nothing can be subscribed, and says when no head comes for three slots.
 */
final class EndpointWatch implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
  private static final int SILENT_SLOTS = 3;

  /** Learns what the endpoint brings; its methods do not block. */
  interface Listener {
    void head();

    void pending(Endpoint from, JsonNode note);

    void connected(Endpoint endpoint);

    void trouble(Endpoint endpoint, TroubleKind kind, String detail);

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
  private volatile boolean lost;
  private volatile Instant lastHead;
  private volatile long highest = -1;
  private boolean reported;
  private boolean everUp;
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
    this.thread = Threads.start("watch " + endpoint.name(), this::run);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  boolean up() {
    return up;
  }

  boolean leads() {
    return up && !silent;
  }

  /** A call failed: look at the connection now. */
  void suspect() {
    up = false;
    lost = true;
    signal.release();
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      try {
        endpoint.prepare();
        pause = FIRST_PAUSE;
        enter();
        stay();
        up = false;
        endpoint.forget();
        report(TroubleKind.UNREACHABLE, closed ? "" : "the connection was lost");
      } catch (Fault e) {
        report(TroubleKind.UNREACHABLE, e.reason());
        pause = rest(pause);
      } catch (Endpoint.WrongChain e) {
        report(TroubleKind.WRONG_CHAIN, String.valueOf(e.getMessage()));
        rest(LONGEST_PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void report(TroubleKind kind, String detail) {
    if (!closed && !reported) {
      reported = true;
      listener.trouble(endpoint, kind, detail);
    }
  }

  /** Sleeps half to all of {@code pause}; answers the next pause, twice as long. */
  private Duration rest(Duration pause) {
    long millis = (long) (pause.toMillis() * (0.5 + listener.jitter() / 2));
    try {
      boolean woken = signal.tryAcquire(millis, TimeUnit.MILLISECONDS);
      if (woken) {
        signal.drainPermits();
      }
    } catch (InterruptedException e) {
      closed = true;
    }
    Duration next = pause.multipliedBy(2);
    return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
  }

  private void enter() throws Fault {
    lost = false;
    silent = false;
    lastHead = clock.instant();
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
    if (endpoint.can(Capability.NEW_HEADS)) {
      subscribe(this::headNote, "newHeads");
    }
    if (following.pending() && endpoint.can(Capability.PENDING_BODIES)) {
      subscribe(note -> listener.pending(endpoint, note), "newPendingTransactions", true);
    }
    highest = endpoint.headNumber();
    up = true;
    if (everUp || reported) {
      listener.trouble(endpoint, TroubleKind.RECOVERED, "connected again");
    }
    everUp = true;
    reported = false;
    listener.connected(endpoint);
    listener.head();
  }

  private void subscribe(java.util.function.Consumer<JsonNode> notes, Object... parameters)
      throws Fault {
    Optional<io.tocsin.chain.NodeCalls.Reply> refused =
        endpoint
            .rpc()
            .subscribe(
                notes,
                () -> {
                  lost = true;
                  signal.release();
                },
                parameters);
    if (refused.isPresent()) {
      throw new Fault(endpoint.name() + ": eth_subscribe: " + refused.get(), false);
    }
  }

  private void headNote(JsonNode header) {
    lastHead = clock.instant();
    try {
      highest = Math.max(highest, Block.number(header, "number"));
    } catch (io.tocsin.base.MalformedException e) {
      listener.trouble(endpoint, TroubleKind.MALFORMED, "newHeads: " + e.getMessage());
    }
    listener.head();
    if (silent) {
      signal.release();
    }
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
      long number = endpoint.headNumber();
      if (number > highest) {
        lost = true;
        throw new Fault(endpoint.name() + ": heads are no longer announced", false);
      }
      listener.trouble(
          endpoint,
          TroubleKind.SILENT,
          "no head for " + since.toMillis() + " ms, " + SILENT_SLOTS + " slots are the limit");
      listener.head();
    } else if (!quiet && silent) {
      silent = false;
      listener.trouble(endpoint, TroubleKind.RECOVERED, "heads come again");
      listener.head();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    signal.release();
  }
}
