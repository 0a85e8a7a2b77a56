package io.tocsin.adapter.rpc;

import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** A Unix socket in front of another that can lie, keep silent and cut its connections. */
final class IpcRelay implements AutoCloseable {
  private final Path path;
  private final Path upstream;
  private final ServerSocketChannel server;
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
  private final List<String> subscriptions = new CopyOnWriteArrayList<>();
  private volatile Lie lie = (_, truth) -> Optional.of(truth);
  private volatile boolean down;

  /** What becomes of a message to the client. */
  interface Lie {
    /**
     * What is told instead of the truth; nothing if empty.
     *
     * @param method the method answered, or {@code eth_subscription}
     */
    Optional<JsonNode> told(String method, JsonNode truth);
  }

  /** In front of the socket at {@code url}. */
  IpcRelay(String url) {
    try {
      this.path = Files.createTempDirectory("relay").resolve("r.ipc");
      this.upstream = Path.of(url.substring("ipc:".length()));
      this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  String url() {
    return "ipc:" + path;
  }

  void lie(Lie changed) {
    lie = changed;
  }

  /** What was subscribed to through this relay, in order. */
  List<String> subscriptions() {
    return subscriptions;
  }

  /** Connections to the client that are open. */
  long connections() {
    return open.stream().filter(SocketChannel::isOpen).count() / 2;
  }

  /** Ends all connections, and while {@code refusing} makes no other. */
  void cut(boolean refusing) {
    down = refusing;
    open.forEach(IpcRelay::end);
    open.clear();
  }

  private static void end(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        if (down) {
          client.close();
          continue;
        }
        SocketChannel node = SocketChannel.open(StandardProtocolFamily.UNIX);
        node.connect(UnixDomainSocketAddress.of(upstream));
        open.addAll(List.of(client, node));
        if (down) { // cut while it was made
          end(client);
          end(node);
        }
        Map<Long, String> methods = new ConcurrentHashMap<>();
        Thread.ofVirtual().start(() -> pump(client, node, ask -> asked(ask, methods, node)));
        Thread.ofVirtual().start(() -> pump(node, client, say -> said(say, methods, client)));
      }
    } catch (IOException e) {
      // Closed.
      return;
    }
  }

  private static void pump(SocketChannel from, SocketChannel to, Consumer<JsonNode> messages) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    IpcTransport.JsonSplitter splitter = new IpcTransport.JsonSplitter(1 << 26);
    try (from;
        to) {
      while (from.read(buffer.clear()) >= 0) {
        splitter.feed(
            buffer.flip(),
            new Transport.Listener() {
              @Override
              public void received(byte[] message) {
                try {
                  messages.accept(Json.parse(message));
                } catch (MalformedException e) {
                  throw new AssertionError(e);
                }
              }

              @Override
              public void ended(String reason) {}
            });
      }
    } catch (IOException | UncheckedIOException e) {
      // Cut.
      return;
    }
  }

  private void asked(JsonNode request, Map<Long, String> methods, SocketChannel node) {
    String method = request.path("method").stringValue();
    if (method.equals("eth_subscribe")) {
      subscriptions.add(request.path("params").get(0).stringValue());
    }
    methods.put(request.path("id").asLong(), method);
    write(node, request);
  }

  private void said(JsonNode message, Map<Long, String> methods, SocketChannel client) {
    String method =
        message.path("method").asString(methods.getOrDefault(message.path("id").asLong(), ""));
    lie.told(method, message).ifPresent(told -> write(client, told));
  }

  private static void write(SocketChannel channel, JsonNode message) {
    ByteBuffer bytes =
        ByteBuffer.wrap(
            (new String(Json.write(message), StandardCharsets.UTF_8) + "\n")
                .getBytes(StandardCharsets.UTF_8));
    try {
      synchronized (channel) {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut(true);
    Anvil.clear(path);
  }
}
