package io.tocsin.adapter.rpc;

import io.tocsin.base.Threads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;

/** JSON-RPC over HTTP: one POST a call. */
final class HttpTransport implements Transport {
  private final URI uri;
  private final Limits limits;
  private final Listener listener;
  private final ExecutorService threads = Threads.virtual("http");
  private final HttpClient client;

  HttpTransport(URI uri, Limits limits, Listener listener) {
    this.uri = uri;
    this.limits = limits;
    this.listener = listener;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(limits.timeout())
            .executor(threads)
            .build();
  }

  @Override
  public void send(byte[] message) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(limits.timeout())
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(message))
            .build();
    try {
      HttpResponse<byte[]> answer =
          client.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), limits.maxBytes()));
      if (answer.body().length == 0 || answer.body()[0] != '{') {
        throw new IOException("HTTP status " + answer.statusCode() + " without a JSON object");
      }
      listener.received(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  @Override
  public boolean pushes() {
    return false;
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
