package io.tocsin.adapter.contract;

import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.base.Threads;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.Signer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;

/**
 * Sends bundles to one relay or block builder with {@code eth_sendBundle}. At most {@value
 * #CAPACITY} are under way, since a bundle is of use for one slot; when more come, the new ones are
 * dropped and counted.
 *
 * @see <a href="https://docs.flashbots.net/flashbots-auction/advanced/rpc-endpoint">The format</a>
 */
public final class BundleRelay implements PrivateRelay, AutoCloseable {
  static final int CAPACITY = 8;
  private static final int MAX_ANSWER = 1 << 16;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final URI url;
  private final Signer identity;
  private final ResponderEvents events;
  private final Duration timeout;
  private final Semaphore free = new Semaphore(CAPACITY);
  private final ExecutorService sending = Threads.virtual("relay");
  private final HttpClient client;

  private BundleRelay(URI url, Signer identity, ResponderEvents events, Duration timeout) {
    this.url = url;
    this.identity = identity;
    this.events = events;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * The relay at {@code url}.
   *
   * @param identity signs what is sent, which gives the sender a name at the relay; a key that owns
   *     nothing
   * @throws IllegalArgumentException if {@code url} is neither https nor http on loopback
   */
  public static BundleRelay open(String url, Signer identity, ResponderEvents events) {
    return open(url, identity, events, TIMEOUT);
  }

  /** As {@link #open(String, Signer, ResponderEvents)} with another time for an answer. */
  static BundleRelay open(String url, Signer identity, ResponderEvents events, Duration timeout) {
    return new BundleRelay(checked(url), identity, events, timeout);
  }

  /**
   * The address in {@code url}.
   *
   * @throws IllegalArgumentException if it is neither https nor http on loopback; the message does
   *     not repeat it, because it may hold a key
   */
  public static URI checked(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the relay is no URL", e);
    }
    String host = Optional.ofNullable(uri.getHost()).orElse("");
    boolean loopback = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    if (host.isEmpty()
        || !("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback))) {
      throw new IllegalArgumentException(
          "a relay must start with https://, or http:// on this machine");
    }
    return uri;
  }

  @Override
  public void submit(Bundle bundle) {
    if (!free.tryAcquire()) {
      events.bundleDropped(url.getHost());
      return;
    }
    try {
      sending.execute(
          () -> {
            try {
              send(bundle);
            } finally {
              free.release();
            }
          });
    } catch (RejectedExecutionException e) {
      free.release(); // closed: nothing is bid for any more
    }
  }

  private void send(Bundle bundle) {
    byte[] body = Json.write(bundle.request());
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("X-Flashbots-Signature", signature(body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<byte[]> answer =
          client.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER));
      Optional<String> refusal = refusal(answer);
      if (refusal.isPresent()) {
        events.bundleRefused(url.getHost(), refusal.get());
      } else {
        events.bundleTaken();
      }
    } catch (IOException e) {
      events.bundleUndelivered(url.getHost(), e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * {@code address:signature} by EIP-191 of the body's hash, which is signed as hexadecimal text.
   */
  private String signature(byte[] body) {
    String hash = Keccak.hash(body).toString();
    Bytes message = Bytes.utf8("\u0019Ethereum Signed Message:\n" + hash.length() + hash);
    return identity.address() + ":" + identity.sign(Keccak.hash(message));
  }

  private static Optional<String> refusal(HttpResponse<byte[]> answer) {
    try {
      JsonNode error = Json.parseForeign(answer.body()).path("error");
      if (error.isObject() || error.isString()) {
        return Optional.of(
            Text.excerpt(
                error.isString() ? error.stringValue() : error.path("message").asString("")));
      }
    } catch (MalformedException e) {
      return Optional.of("HTTP status " + answer.statusCode() + " without JSON");
    }
    return answer.statusCode() / 100 == 2
        ? Optional.empty()
        : Optional.of("HTTP status " + answer.statusCode());
  }

  @Override
  public void close() {
    sending.shutdownNow();
    client.shutdownNow();
  }
}
