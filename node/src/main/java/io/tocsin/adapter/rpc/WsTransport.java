package io.tocsin.adapter.rpc;

import io.tocsin.base.Threads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** JSON-RPC over one WebSocket connection. */
final class WsTransport implements Transport {
  private final Limits limits;
  private final ExecutorService threads;
  private final HttpClient client;
  private final WebSocket socket;
  private final ReentrantLock sending = new ReentrantLock();

  private WsTransport(Limits limits, ExecutorService threads, HttpClient client, WebSocket socket) {
    this.limits = limits;
    this.threads = threads;
    this.client = client;
    this.socket = socket;
  }

  static WsTransport connect(URI uri, Limits limits, Listener listener) throws IOException {
    ExecutorService threads = Threads.virtual("ws");
    HttpClient client =
        HttpClient.newBuilder().connectTimeout(limits.timeout()).executor(threads).build();
    try {
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .connectTimeout(limits.timeout())
              .buildAsync(uri, new Reader(limits, listener))
              .join();
      return new WsTransport(limits, threads, client, socket);
    } catch (CompletionException e) {
      client.shutdownNow();
      threads.shutdownNow();
      throw new IOException("cannot connect: " + e.getCause(), e);
    }
  }

  @Override
  public void send(byte[] message) throws IOException {
    sending.lock();
    try {
      socket
          .sendText(new String(message, StandardCharsets.UTF_8), true)
          .get(limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("cannot send: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      sending.unlock();
    }
  }

  @Override
  public boolean pushes() {
    return true;
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
    threads.shutdownNow();
  }

  /** Joins the parts of messages; owned by the client's reading thread. */
  private static final class Reader implements WebSocket.Listener {
    private final Limits limits;
    private final Listener listener;
    private ByteArrayOutputStream parts = new ByteArrayOutputStream();

    Reader(Limits limits, Listener listener) {
      this.limits = limits;
      this.listener = listener;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      return part(socket, StandardCharsets.UTF_8.encode(data.toString()), last);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      return part(socket, data, last);
    }

    private @Nullable CompletionStage<?> part(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] content = new byte[data.remaining()];
      data.get(content);
      parts.writeBytes(content);
      if (parts.size() > limits.maxBytes()) {
        socket.abort();
        listener.ended("a message exceeds " + limits.maxBytes() + " bytes");
        return null;
      }
      if (last) {
        byte[] message = parts.toByteArray();
        parts = new ByteArrayOutputStream();
        listener.received(message);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      listener.ended("closed with code " + code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      listener.ended(String.valueOf(error.getMessage()));
    }
  }
}
