package io.tocsin.adapter.rpc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tocsin.base.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/** An endpoint that passes calls on to another and changes the answers. */
final class LyingProxy implements AutoCloseable {
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String upstream;
  private final BiFunction<String, JsonNode, JsonNode> lie;

  /** {@code lie} gets the method and the whole true answer. */
  LyingProxy(String upstream, BiFunction<String, JsonNode, JsonNode> lie) {
    this.upstream = upstream;
    this.lie = lie;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] request = exchange.getRequestBody().readAllBytes();
      byte[] truth =
          client
              .send(
                  HttpRequest.newBuilder(URI.create(upstream))
                      .header("content-type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                      .build(),
                  HttpResponse.BodyHandlers.ofByteArray())
              .body();
      JsonNode asked = Json.mapper().readTree(request);
      byte[] told =
          Json.write(lie.apply(asked.path("method").stringValue(), Json.mapper().readTree(truth)));
      exchange.sendResponseHeaders(200, told.length);
      exchange.getResponseBody().write(told);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
