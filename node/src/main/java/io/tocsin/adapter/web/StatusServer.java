package io.tocsin.adapter.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * Serves {@code GET /healthz} (the process lives), {@code /readyz} (200 when nothing is wrong, else
 * 503 with one fault a line) and {@code /metrics}, on loopback only.
 */
public final class StatusServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final WebServer server;

  private StatusServer(WebServer server) {
    this.server = server;
  }

  /**
   * Starts on {@code port} of the loopback interface; 0 picks a free one.
   *
   * @param faults what keeps the node from being ready, in sentences; empty when it is
   */
  public static StatusServer open(
      int port, PrometheusMetrics metrics, Supplier<List<String>> faults) {
    WebServer server =
        WebServer.builder()
            .address(InetAddress.getLoopbackAddress())
            .port(port)
            .shutdownHook(false)
            .routing(routing(metrics, faults))
            .build()
            .start();
    return new StatusServer(server);
  }

  private static HttpRouting.Builder routing(
      PrometheusMetrics metrics, Supplier<List<String>> faults) {
    return HttpRouting.builder()
        .get(
            "/healthz",
            (_, response) -> {
              response.header(HeaderNames.CONTENT_TYPE, TEXT);
              response.send("alive\n");
            })
        .get(
            "/readyz",
            (_, response) -> {
              List<String> now = faults.get();
              response.header(HeaderNames.CONTENT_TYPE, TEXT);
              response.status(now.isEmpty() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
              response.send(now.isEmpty() ? "ready\n" : String.join("\n", now) + "\n");
            })
        .get(
            "/metrics",
            (_, response) -> {
              response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
              response.send(metrics.scrape());
            });
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}
