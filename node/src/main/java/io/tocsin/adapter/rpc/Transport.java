package io.tocsin.adapter.rpc;

import io.tocsin.base.ShownUrl;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Carries JSON messages to one endpoint and back. */
interface Transport extends AutoCloseable {
  /** Receives what the endpoint sends, from one thread at a time. */
  interface Listener {
    /** One whole JSON message. */
    void received(byte[] message);

    /** The connection ended and will carry nothing more. */
    void ended(String reason);
  }

  /** How long a call may take and how large a message may be. */
  record Limits(Duration timeout, int maxBytes) {
    /** Ten seconds; 128 MiB, room for the trace of a whole block. */
    static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), 128 << 20);
  }

  /**
   * Sends one message; over HTTP also waits for its answer. Thread-safe.
   *
   * @throws IOException if the endpoint cannot be reached or answers something else than JSON
   */
  void send(byte[] message) throws IOException;

  /** Whether the endpoint can send on its own, as subscriptions need. */
  boolean pushes();

  @Override
  void close();

  /** How a URL names its transport. */
  static Transport open(String url, Limits limits, Listener listener) throws IOException {
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      return new HttpTransport(URI.create(url), limits, listener);
    }
    if (lower.startsWith("ws://") || lower.startsWith("wss://")) {
      return WsTransport.connect(URI.create(url), limits, listener);
    }
    String path = lower.startsWith("ipc:") ? url.substring("ipc:".length()) : url;
    return IpcTransport.connect(Path.of(path), limits, listener);
  }

  /**
   * Refuses what is no endpoint address.
   *
   * @throws IllegalArgumentException saying which forms there are
   */
  @SuppressWarnings("UnusedException") // it repeats the address
  static void check(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    boolean network = lower.matches("(https?|wss?)://.+");
    boolean file = lower.startsWith("ipc:/") || lower.startsWith("/") || lower.startsWith("./");
    if (!network && !file) {
      throw new IllegalArgumentException(
          "not an endpoint address: "
              + ShownUrl.of(url)
              + "; write http://…, https://…, ws://…, wss://…, ipc:/path or /path of a socket");
    }
    if (network) {
      try {
        URI.create(url);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("not an endpoint address: " + ShownUrl.of(url));
      }
    }
  }
}
