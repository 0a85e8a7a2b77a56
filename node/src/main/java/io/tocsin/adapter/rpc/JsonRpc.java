package io.tocsin.adapter.rpc;

import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.ShownUrl;
import io.tocsin.base.Text;
import io.tocsin.chain.NodeCalls;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON-RPC 2.0 client of one endpoint, over a Unix socket ({@code ipc:/path} or a path),
 * WebSocket or HTTP, as its URL says. Thread-safe; many calls may be under way at once.
 *
 * <p>It connects at the first call and again after a loss, at most every 200 ms. A loss ends all
 * calls under way as {@link NodeCalls.Reply.Unreachable} and all subscriptions. Subscriptions have
 * a connection of their own: where notices and answers share one, an answer behind a notice can
 * wait 40 ms for the acknowledgement of the notice (Nagle's algorithm at the node).
 */
public final class JsonRpc implements NodeCalls, AutoCloseable {
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final int EARLY_NOTES = 256;

  private final String url;
  private final ShownUrl shown;
  private final String name;
  private final Transport.Limits limits;
  private final AtomicLong ids = new AtomicLong();
  private final Line calls = new Line();
  private final Line subscriptions = new Line();
  private volatile boolean closed;

  private JsonRpc(String url, Transport.Limits limits) {
    Transport.check(url);
    this.url = url;
    this.shown = ShownUrl.of(url);
    this.name = shown.toString();
    this.limits = limits;
  }

  /**
   * A client of the endpoint at {@code url} with a time-out of ten seconds a call; nothing is
   * connected yet.
   *
   * @throws IllegalArgumentException if {@code url} is no endpoint address
   */
  public static JsonRpc open(String url) {
    return new JsonRpc(url, Transport.Limits.DEFAULT);
  }

  /** As {@link #open(String)} with another time-out a call. */
  public static JsonRpc open(String url, Duration timeout) {
    return new JsonRpc(url, new Transport.Limits(timeout, Transport.Limits.DEFAULT.maxBytes()));
  }

  @Override
  public String name() {
    return name;
  }

  /** Whether subscriptions are possible over this transport. */
  public boolean pushes() {
    return !name.startsWith("http");
  }

  @Override
  public Reply call(String method, Object... parameters) {
    Connection connection;
    try {
      connection = calls.connection();
    } catch (IOException e) {
      return new Reply.Unreachable(name + ": " + e.getMessage());
    }
    return connection.call(method, parameters);
  }

  /**
   * Subscribes with {@code eth_subscribe}; every notice goes to {@code notices} on the reading
   * thread, which must not block, and {@code lost} runs once when the connection ends.
   *
   * @return empty when subscribed, else why not
   */
  public Optional<Reply> subscribe(
      Consumer<JsonNode> notices, Runnable lost, Object... parameters) {
    Connection connection;
    try {
      connection = subscriptions.connection();
    } catch (IOException e) {
      return Optional.of(new Reply.Unreachable(name + ": " + e.getMessage()));
    }
    Reply reply = connection.call("eth_subscribe", parameters);
    if (reply instanceof Reply.Result(JsonNode value) && value.isString()) {
      connection.register(value.stringValue(), notices, lost);
      return Optional.empty();
    }
    return Optional.of(reply);
  }

  /** Ends all subscriptions and their connection; the next subscription makes a new one. */
  public void unsubscribe() {
    subscriptions.close();
  }

  /** Some failures of the JDK's client carry no text. */
  private static String said(IOException e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e instanceof ConnectException ? "connection refused" : e.getClass().getSimpleName()
        : message;
  }

  @Override
  public void close() {
    closed = true;
    calls.close();
    subscriptions.close();
  }

  /** A connection that is made again when it is needed and was lost. */
  private final class Line {
    private final ReentrantLock connecting = new ReentrantLock();
    private @Nullable Connection current;
    private String lastFailure = "";
    private long retryAt = System.nanoTime();

    Connection connection() throws IOException {
      connecting.lock();
      try {
        if (closed) {
          throw new IOException("the client is closed");
        }
        Connection open = current;
        if (open != null && open.open()) {
          return open;
        }
        if (System.nanoTime() - retryAt < 0) {
          throw new IOException(lastFailure);
        }
        Connection fresh = new Connection();
        try {
          fresh.attach(Transport.open(url, limits, fresh));
        } catch (IOException e) {
          lastFailure = "cannot connect: " + shown.mask(said(e));
          retryAt = System.nanoTime() + RETRY.toNanos();
          throw new IOException(lastFailure, e);
        }
        current = fresh;
        return fresh;
      } finally {
        connecting.unlock();
      }
    }

    void close() {
      connecting.lock();
      try {
        Connection open = current;
        if (open != null) {
          open.ended("the client was closed");
        }
      } finally {
        connecting.unlock();
      }
    }
  }

  /** One connection: its calls under way and its subscriptions. */
  final class Connection implements Transport.Listener {
    private final Map<Long, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonNode>> subscribed = new HashMap<>();
    private final Map<String, List<JsonNode>> early = new HashMap<>();
    private final List<Runnable> losses = new ArrayList<>();
    private volatile @Nullable Transport transport;
    private volatile @Nullable String end;

    void attach(Transport opened) {
      transport = opened;
      if (end != null) {
        opened.close();
      }
    }

    boolean open() {
      return end == null;
    }

    Reply call(String method, Object... parameters) {
      long id = ids.incrementAndGet();
      ObjectNode request = Json.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
      ArrayNode list = request.putArray("params");
      for (Object parameter : parameters) {
        list.add(parameter instanceof JsonNode node ? node : Json.mapper().valueToTree(parameter));
      }
      CompletableFuture<Reply> answer = new CompletableFuture<>();
      waiting.put(id, answer);
      try {
        Transport open = transport;
        String ended = end;
        if (open == null || ended != null) {
          return new Reply.Unreachable(name + ": " + ended);
        }
        open.send(Json.write(request));
        return answer.get(limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
      } catch (IOException e) {
        if (pushes()) {
          ended(String.valueOf(e.getMessage()));
        }
        return new Reply.Unreachable(name + ": " + method + ": " + shown.mask(said(e)));
      } catch (TimeoutException e) {
        return new Reply.Unreachable(name + ": " + method + ": no answer in " + limits.timeout());
      } catch (ExecutionException e) {
        return new Reply.Unreachable(name + ": " + method + ": " + e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Reply.Unreachable(name + ": " + method + ": interrupted");
      } finally {
        waiting.remove(id);
      }
    }

    @Override
    public void received(byte[] message) {
      try {
        JsonNode node = Json.parse(message);
        if (node.path("method").asString("").equals("eth_subscription")) {
          note(node.path("params"));
        } else if (node.path("id").isIntegralNumber()) {
          CompletableFuture<Reply> answer = waiting.get(node.path("id").asLong(0));
          if (answer != null) {
            answer.complete(reply(node));
          }
        } else {
          throw new MalformedException("neither an answer nor a notice");
        }
      } catch (MalformedException e) {
        ended("the endpoint sent what is not JSON-RPC: " + e.getMessage());
      }
    }

    /** What an answer says. */
    Reply reply(JsonNode node) {
      JsonNode error = node.get("error");
      if (error != null && !error.isNull()) {
        return new Reply.Failure(
            error.path("code").asInt(-32_603),
            Text.printable(shown.mask(error.path("message").asString(""))),
            Optional.ofNullable(error.get("data")));
      }
      JsonNode result = node.get("result");
      return result == null
          ? new Reply.Unreachable(name + ": an answer without result or error")
          : new Reply.Result(result);
    }

    private void note(JsonNode parameters) {
      String id = parameters.path("subscription").asString("");
      Consumer<JsonNode> consumer;
      synchronized (subscribed) {
        consumer = subscribed.get(id);
        if (consumer == null) {
          List<JsonNode> kept = early.computeIfAbsent(id, _ -> new ArrayList<>());
          if (kept.size() < EARLY_NOTES && early.size() <= 8) {
            kept.add(parameters.path("result"));
          }
          return;
        }
      }
      consumer.accept(parameters.path("result"));
    }

    void register(String id, Consumer<JsonNode> consumer, Runnable lost) {
      boolean gone;
      synchronized (subscribed) {
        List<JsonNode> kept = early.remove(id);
        if (kept != null) {
          kept.forEach(consumer);
        }
        subscribed.put(id, consumer);
        gone = end != null;
        if (!gone) {
          losses.add(lost);
        }
      }
      if (gone) {
        lost.run();
      }
    }

    @Override
    public void ended(String reason) {
      List<Runnable> lost;
      synchronized (subscribed) {
        if (end != null) {
          return;
        }
        end = reason;
        lost = List.copyOf(losses);
        losses.clear();
        subscribed.clear();
        early.clear();
      }
      Transport open = transport;
      if (open != null) {
        open.close();
      }
      waiting
          .values()
          .forEach(answer -> answer.complete(new Reply.Unreachable(name + ": " + reason)));
      lost.forEach(Runnable::run);
    }
  }
}
